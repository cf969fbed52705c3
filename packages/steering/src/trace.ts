import type { Choice } from './choice.ts'
import { BUCKETS } from './client-bucket.ts'
import type { ClientClass } from './client-class.ts'
import type { Decision, TraceLine } from './decision.ts'
import type { HealthTable } from './health-table.ts'
import type { PoolState } from './pool-state.ts'
import type { Ramping } from './ramping.ts'
import type { Endpoint, Family, Service } from './service.ts'
import type { Tier } from './tier.ts'
import { traceCandidates, traceEligible, tracePanic, traceWeightless } from './trace-pools.ts'
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
  readonly tiers: readonly Tier[]
  readonly choice: Choice
  readonly order: readonly Endpoint[]
  readonly ramping: Ramping
  readonly lifetime: Lifetime
  readonly outcome: Omit<Decision, 'trace'>
}

/**
 * The explanation of a decision: every stage in order, in sentences, each from the values that the decision was made of.
 *
 * It is written for every decision and not on request, so an explanation can never tell another story than the answer.
 */
export function writeTrace(question: Question, findings: Findings): readonly TraceLine[] {
  const { service, family, client, health } = question
  return [
    ...traceClient(question),
    ...traceCandidates(service, family),
    ...traceEligible(findings.pools, client.view, health),
    ...traceWeightless(service.pools, family),
    ...tracePanic(findings.pools, service.panic),
    ...traceTiers(service, findings),
    { stage: 'spill', text: 'no load is moved to another site' },
    ...traceOrder(findings),
    ...traceAnswers(service, findings),
    ...traceTtl(service, findings),
  ]
}

function traceClient({ service, client }: Question): TraceLine[] {
  const sites = client.sites.map((site) => service.pools.find((pool) => pool.site === site)?.siteName ?? `site ${site}`)
  const order = sites.length === 0 ? "the configuration's order" : `${listTexts(sites)}, then the configuration's order`
  const isPlaced = client.rule >= 0 || sites.length > 0
  const area =
    client.rule >= 0 ? `rule ${client.rule}` : isPlaced ? 'placed by the database' : 'not placed: area default'
  return [
    {
      stage: 'client',
      text: client.view === 0 ? 'the global view applies' : `the view of vantage ${client.view} applies`,
    },
    { stage: 'area', text: `${area}; sites: ${order}` },
  ]
}

function traceTiers(service: Service, { tiers, choice }: Findings): TraceLine[] {
  if (tiers.length === 0) return [{ stage: 'tier', text: 'there is no tier: no pool has a candidate' }]
  const steps = service.steps.map((step) => step.kind).join(', ')
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
  panic: 'no tier has enough up, and it is the first with anything up',
  unknown: 'nothing is up, and it is the first with endpoints that have no verdict yet',
  drained: 'nothing is up or unknown, and it is the first with drained endpoints that are not down',
  'all-down': 'everything is down, and it is the first',
  none: 'nothing may be served',
}

function listSites(tier: Tier): string {
  return listTexts(tier.map((state) => state.pool.siteName))
}

function listConditions(tier: Tier): string {
  const words = { ok: 'ok', panic: 'too little up', unknown: 'unknown', down: 'all down', aside: 'set aside' }
  return listTexts(tier.map((state) => `${state.pool.siteName} ${words[state.condition]}`))
}

function traceOrder({ order, ramping, outcome }: Findings): TraceLine[] {
  if (order.length === 0) return [{ stage: 'order', text: 'nothing to order' }]
  const isWeighted = order.some((endpoint) => endpoint.weight !== order[0]!.weight)
  const names = isWeighted ? listTexts(order.map((e) => `${e.label} (weight ${e.weight})`)) : listLabels(order)
  const how =
    outcome.pick === 'random' ? 'drawn by weight' : `by the client's bucket of ${printCount(BUCKETS)}, filled by weight`
  const lines: TraceLine[] = [{ stage: 'order', text: `by hash: ${names}; ${how}` }]
  const parts = order.flatMap((endpoint) => {
    const percent = ramping.get(endpoint.index)
    return percent === undefined ? [] : [`${endpoint.label} with ${percent} % of its weight`]
  })
  if (parts.length > 0) lines.push({ stage: 'order', text: `coming back: ${listTexts(parts)}` })
  return lines
}

function traceAnswers(service: Service, { choice, outcome }: Findings): TraceLine[] {
  const { variants } = outcome
  if (variants.length === 0) {
    return [{ stage: 'answers', text: `none: the answer is ${outcome.empty === 'servfail' ? 'SERVFAIL' : 'NODATA'}` }]
  }
  const size = variants[0]!.endpoints.length
  const name = choice.endpoints.some((endpoint) => endpoint.kind === 'name')
  const why = name ? ' (a name stands alone)' : service.answers < size ? '' : ` (answers: ${service.answers})`
  const shares = variants.map(
    (variant) => `${printShare(variant.share)} ${variant.endpoints.map((e) => e.label).join(' ')}`,
  )
  return [{ stage: 'answers', text: `${size} of ${choice.endpoints.length}${why}: ${listTexts(shares)}` }]
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
