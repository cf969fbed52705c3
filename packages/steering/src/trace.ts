import type { Choice } from './choice.ts'
import { BUCKETS } from './client-bucket.ts'
import type { ClientClass } from './client-class.ts'
import type { Decision, TraceLine } from './decision.ts'
import type { Filled } from './fill-up.ts'
import type { HealthTable } from './health-table.ts'
import type { Taker } from './placed-load.ts'
import type { PoolState } from './pool-state.ts'
import type { Ramping } from './ramping.ts'
import type { Endpoint, Family, Service } from './service.ts'
import type { Tier } from './tier.ts'
import type { Tiers } from './tiers.ts'
import { listSites, traceCandidates, traceEligible, traceNested, tracePanic, traceWeightless } from './trace-pools.ts'
import { listLabels, listTexts, printCount, printShare } from './trace-text.ts'
import type { Lifetime } from './ttl.ts'

/** What `decide` was asked. */
export interface Question {
  readonly service: Service
  readonly family: Family
  readonly client: ClientClass
  readonly health: HealthTable
}

/** What its stages made of it. */
export interface Findings {
  readonly pools: readonly PoolState[]
  readonly plan: Tiers
  readonly choice: Choice
  readonly order: readonly Endpoint[]
  readonly ramping: Ramping
  /** Index of the tier that takes the trickle; -1 for none. */
  readonly backup: number
  readonly takers: readonly Taker[]
  readonly filled: Filled
  readonly lifetime: Lifetime
  readonly outcome: UntracedDecision
}

/** A decision without its explanation. */
export type UntracedDecision = Omit<Decision, 'trace' | 'leftOut'>

/**
 * The explanation of a decision: every stage in order, in sentences, each from the values that the decision was made of.
 *
 * It is written for every decision and not on request, so an explanation can never tell another story than the answer.
 */
export function writeTrace(question: Question, findings: Findings): readonly TraceLine[] {
  const { service, family, client, health } = question
  return [
    ...traceClient(question, findings),
    ...traceCandidates(service, family),
    ...traceNested(findings.pools),
    ...traceEligible(findings.pools, client.view, health),
    ...traceWeightless(service.pools, family),
    ...tracePanic(findings.pools, service.panic),
    ...traceTiers(service, findings),
    ...traceSpill(findings),
    ...traceOrder(findings),
    ...traceAnswers(service, findings),
    ...traceTtl(service, findings),
  ]
}

function traceClient({ service, client, health }: Question, { plan }: Findings): TraceLine[] {
  const sites = client.sites.map((site) => service.pools.find((pool) => pool.site === site)?.siteName ?? `site ${site}`)
  const order = sites.length === 0 ? "the configuration's order" : `${listTexts(sites)}, then the configuration's order`
  const unordered = plan.areas.length > 0 ? 'no order of its own' : 'not placed: area default'
  const area = client.rule >= 0 ? `rule ${client.rule}` : sites.length > 0 ? 'placed by the database' : unordered
  const areas = plan.areas.map(({ label, fence }) => `in the area ${label}${fence ? ', behind a fence' : ''}`)
  return [
    { stage: 'client', text: sayView(client.view, health.vantages) },
    { stage: 'area', text: `${area}; sites: ${order}` },
    ...areas.map((text): TraceLine => ({ stage: 'area', text })),
  ]
}

function sayView(view: number, vantages: readonly string[]): string {
  if (view === 0) return 'the global view applies'
  const vantage = vantages[view - 1]
  return vantage === undefined
    ? 'the global view applies: the health table knows none of its vantage'
    : `the view of vantage ${vantage} applies`
}

function traceTiers(service: Service, { plan, choice }: Findings): TraceLine[] {
  const { tiers } = plan
  if (tiers.length === 0) return [{ stage: 'tier', text: 'there is no tier: no pool has a candidate' }]
  const steps = plan.steps.map((step) => step.kind).join(', ')
  const lines = [`${steps || 'no step'}: ${tiers.map((tier, i) => `${i + 1}. ${listSites(tier)}`).join('; ')}`]
  const serving = tiers[choice.tier]
  if (serving === undefined) lines.push('no tier may serve: every candidate is forced down')
  else {
    const passed = choice.ground === 'up' ? tiers.slice(0, choice.tier) : []
    lines.push(...passed.map((tier, i) => `tier ${i + 1} is passed over: ${listConditions(tier)}`))
    lines.push(`tier ${choice.tier + 1} (${listSites(serving)}) serves: ${GROUNDS[choice.ground]}`)
    if (choice.ground === 'all-down' && service.onAllDown !== 'serve_all') {
      lines.push(`on_all_down is ${service.onAllDown}: nothing is answered`)
    }
  }
  return lines.map((text) => ({ stage: 'tier', text }))
}

const GROUNDS: Readonly<Record<Choice['ground'], string>> = {
  up: 'it is the first with enough up',
  standby: 'nothing else is up, and it is the first with endpoints on standby that are',
  panic: 'no tier has enough up, and it is the first with anything up',
  unknown: 'nothing is up, and it is the first with endpoints that have no verdict yet',
  drained: 'nothing is up or unknown, and it is the first with drained endpoints that are not down',
  'all-down': 'everything is down, and it is the first',
  none: 'nothing may be served',
}

function listConditions(tier: Tier): string {
  const words = {
    ok: 'ok, but of another family',
    held: 'held back after a failure',
    panic: 'too little up',
    unknown: 'unknown',
    down: 'all down',
    aside: 'set aside',
  }
  return listTexts(tier.map((state) => `${state.pool.siteName} ${words[state.condition]}`))
}

function traceSpill({ plan, backup, choice, takers }: Findings): TraceLine[] {
  if (takers.length > 0) {
    const parts = takers.map(({ state, share }) => `${printShare(share)} to ${state.pool.siteName}`)
    return [{ stage: 'spill', text: `placed by capacity: ${listTexts(parts)}` }]
  }
  if (plan.trickle === 0 || choice.ground !== 'up')
    return [{ stage: 'spill', text: 'no load is moved to another site' }]
  const text =
    backup < 0
      ? 'no tier is up that could take the trickle'
      : `${printShare(plan.trickle)} trickles to tier ${backup + 1} (${listSites(plan.tiers[backup]!)})`
  return [{ stage: 'spill', text }]
}

function traceOrder({ order, ramping, outcome, choice, plan }: Findings): TraceLine[] {
  if (order.length === 0) {
    const nested = choice.nested.map(({ service, weight }) => `${service.name} (weight ${weight})`)
    return [{ stage: 'order', text: nested.length === 0 ? 'nothing to order' : `services: ${listTexts(nested)}` }]
  }
  const isWeighted = plan.draw !== 'round_robin' && order.some((endpoint) => endpoint.weight !== order[0]!.weight)
  const names = isWeighted ? listTexts(order.map((e) => `${e.label} (weight ${e.weight})`)) : listLabels(order)
  const how =
    outcome.pick === 'random'
      ? plan.draw === 'round_robin'
        ? 'drawn, all alike'
        : 'drawn by weight'
      : `by the client's bucket of ${printCount(BUCKETS)}, filled by weight`
  const lines: TraceLine[] = [{ stage: 'order', text: `by hash: ${names}; ${how}` }]
  const parts = order.flatMap((endpoint) => {
    const percent = ramping.get(endpoint.index)
    return percent === undefined ? [] : [`${endpoint.label} with ${percent} % of its weight`]
  })
  if (parts.length > 0) lines.push({ stage: 'order', text: `coming back: ${listTexts(parts)}` })
  return lines
}

function traceAnswers(service: Service, { choice, outcome, filled }: Findings): TraceLine[] {
  const { variants } = outcome
  if (variants.length === 0) {
    return [{ stage: 'answers', text: `none: the answer is ${outcome.empty === 'servfail' ? 'SERVFAIL' : 'NODATA'}` }]
  }
  const size = variants[0]!.endpoints.length
  const name = choice.endpoints.some((endpoint) => endpoint.kind === 'name')
  const most = Number.isFinite(service.answers) ? service.answers : 'all'
  const why = name ? ' (a name stands alone)' : service.answers < size ? '' : ` (answers: ${most})`
  const shares = variants.map(
    (variant) => `${printShare(variant.share)} ${variant.endpoints.map((e) => e.label).join(' ')}`,
  )
  const of = choice.nested.length === 0 ? ` of ${choice.endpoints.length + filled.added.length}` : ''
  const added = filled.added.length === 0 ? '' : `; filled up with ${listLabels(filled.added)}`
  return [{ stage: 'answers', text: `${size}${of}${why}: ${listTexts(shares)}${added}` }]
}

function traceTtl(service: Service, { lifetime, outcome }: Findings): TraceLine[] {
  const { min, max } = service.ttl
  const { first, stability, ttl } = lifetime
  const change = first === undefined ? 'no check could change this' : `${first.label} could change in ${stability} s`
  const text = `${ttl} s: ${change}, bounds ${min}..${max}`
  const scope =
    outcome.dependsOnClient || outcome.buckets !== undefined
      ? 'another client could get another answer'
      : 'every client gets the same answer'
  return [
    { stage: 'ttl', text },
    { stage: 'ttl', text: scope },
  ]
}
