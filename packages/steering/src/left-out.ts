import { serveAlike } from './choice.ts'
import type { Decision, LeftOut } from './decision.ts'
import { cellAt } from './health-table.ts'
import { type PoolState, servesFamily } from './pool-state.ts'
import type { Endpoint, Family, Pool, Service } from './service.ts'
import type { Findings, Question } from './trace.ts'
import { describeCell, listSites } from './trace-pools.ts'
import { listTexts } from './trace-text.ts'
import { targetKey } from './variants.ts'

type Reason = Pick<LeftOut, 'stage' | 'reason'>

/**
 * Every endpoint of the family that no answer has, in the order of the file, each once and with the reason that came first in
 * the evaluation. Read from the same values as the trace.
 */
export function listLeftOut(
  question: Question,
  findings: Findings,
  decideNested: (service: Service) => Decision,
): readonly LeftOut[] {
  const reasons = new Reasons(question, findings)
  const answered = new Set(reasons.answered.map(({ index }) => index))
  const leftOut = new Map<number, LeftOut>()
  const leaveOut = (endpoint: Endpoint, reason: Reason): void => {
    const { index } = endpoint
    if (!answered.has(index) && !leftOut.has(index)) leftOut.set(index, { endpoint, ...reason })
  }
  const states = new Map(findings.pools.map((state) => [state.position, state]))
  for (const [position, pool] of question.service.pools.entries()) {
    const state = states.get(position)
    const { nested } = pool
    if (nested === undefined) {
      for (const endpoint of pool.endpoints) {
        if (servesFamily(endpoint, question.family)) leaveOut(endpoint, reasons.of(endpoint, state))
      }
    } else if (nested.weight <= 0) {
      for (const endpoint of endpointsWithin(pool, question.family)) leaveOut(endpoint, NO_WEIGHT)
    } else {
      const decision = state?.nested?.decision ?? decideNested(nested.service)
      for (const { endpoint, stage, reason } of decision.leftOut) {
        leaveOut(endpoint, { stage, reason: `${nested.service.name}: ${reason}` })
      }
      for (const endpoint of decision.variants.flatMap(({ endpoints }) => endpoints)) {
        if (!answered.has(endpoint.index)) leaveOut(endpoint, reasons.ofNested(state, nested.service.name, endpoint))
      }
    }
  }
  return [...leftOut.values()]
}

const NO_WEIGHT: Reason = { stage: 'eligible', reason: 'weight 0' }

/** The endpoints of a pool, and of the services that it leads to. */
function endpointsWithin(pool: Pool, family: Family): readonly Endpoint[] {
  const own = pool.endpoints.filter((endpoint) => servesFamily(endpoint, family))
  return [...own, ...(pool.nested?.service.pools ?? []).flatMap((inner) => endpointsWithin(inner, family))]
}

/** Why an endpoint is in no answer, stage by stage: the first that speaks against it. */
class Reasons {
  readonly #question: Question
  readonly #findings: Findings
  /** By the position of a pool: the tier that it is in. */
  readonly #tierOf: ReadonlyMap<number, number>
  /** By tier: the endpoints and the services that it would serve on the ground that was found. */
  readonly #eligible: readonly ReadonlySet<Endpoint | Service>[]
  readonly answered: readonly Endpoint[]

  constructor(question: Question, findings: Findings) {
    this.#question = question
    this.#findings = findings
    const { plan, choice, outcome } = findings
    this.#tierOf = new Map(plan.tiers.flatMap((tier, index) => tier.map(({ position }) => [position, index] as const)))
    this.#eligible = plan.tiers.map((tier) => {
      const { endpoints, nested } = serveAlike(choice, tier, question.service.panic)
      return new Set<Endpoint | Service>([...endpoints, ...nested.map(({ service }) => service)])
    })
    this.answered = outcome.variants.flatMap(({ endpoints }) => endpoints)
  }

  /** Of an endpoint of the service's own. */
  of(endpoint: Endpoint, state: PoolState | undefined): Reason {
    if (endpoint.weight <= 0 || state === undefined) return NO_WEIGHT
    if (state.forcedDown.includes(endpoint)) return { stage: 'eligible', reason: this.#health(endpoint) }
    return this.#ofPlace(state, endpoint, endpoint) ?? this.#ofHealth(endpoint, state)
  }

  /** Of an endpoint that a nested service would have answered. */
  ofNested(state: PoolState | undefined, name: string, endpoint: Endpoint): Reason {
    const reason = `${name} has nothing better than the ground "${state?.nested?.decision.ground ?? 'none'}"`
    if (state?.nested === undefined) return { stage: 'eligible', reason }
    return this.#ofPlace(state, state.nested.service, endpoint) ?? { stage: 'eligible', reason }
  }

  /** Where the pool stands in the order; undefined where the ground does not hold for the member. */
  #ofPlace(state: PoolState, member: Endpoint | Service, endpoint: Endpoint): Reason | undefined {
    const tier = this.#tierOf.get(state.position)
    if (tier === undefined) return { stage: 'tier', reason: this.#outside() }
    if (!this.#eligible[tier]!.has(member)) return undefined
    const { choice, plan, backup, takers, outcome } = this.#findings
    const takes = tier === choice.tier || tier === backup || takers.some((taker) => taker.state === state)
    if (!takes) {
      const serving = listSites(plan.tiers[choice.tier]!)
      return { stage: 'tier', reason: `it is in tier ${tier + 1}; tier ${choice.tier + 1} (${serving}) serves` }
    }
    if (outcome.variants.length === 0) {
      return { stage: 'tier', reason: `on_all_down is ${this.#question.service.onAllDown}` }
    }
    return this.#crowdedOut(endpoint)
  }

  #outside(): string {
    const fenced = this.#findings.plan.areas.filter(({ fence }) => fence).map(({ label }) => label)
    return `it is outside the fence of the area ${listTexts(fenced)}`
  }

  /** Of an endpoint that might have been answered, but others are in every answer. */
  #crowdedOut(endpoint: Endpoint): Reason {
    const { answered } = this
    const same = answered.find((other) => targetKey(other) === targetKey(endpoint))
    if (same !== undefined) return { stage: 'answers', reason: `${same.id} is the same address` }
    const { group } = endpoint
    const companion = group === undefined ? undefined : answered.find((other) => other.group === group)
    if (companion !== undefined) {
      return { stage: 'answers', reason: `one of its group (distinct_by) is in every answer: ${companion.id}` }
    }
    const { takers } = this.#findings
    if (takers.reduce((sum, { share }) => sum + share, 0) > WHOLE_BUT_ROUNDING) {
      return { stage: 'spill', reason: `capacity places all of it at ${listSites(takers.map(({ state }) => state))}` }
    }
    return { stage: 'order', reason: 'its share is too small for any of the answers' }
  }

  #ofHealth(endpoint: Endpoint, state: PoolState): Reason {
    const health = this.#health(endpoint)
    const isConsidered = state.considered.includes(endpoint)
    if (isConsidered && state.inService.up.includes(endpoint)) {
      const isHeld = state.condition === 'held'
      const reason = isHeld ? 'its pool failed lately and is held back' : `too little of its pool is up (${health})`
      return { stage: isHeld ? 'tier' : 'panic', reason }
    }
    const isStandby = endpoint.standby === true && !isConsidered && !health.startsWith('drained')
    return { stage: 'eligible', reason: isStandby ? `on standby, ${health}` : health }
  }

  #health({ index }: Endpoint): string {
    const { health, client } = this.#question
    return describeCell(cellAt(health, client.view, index))
  }
}

/** Shares are parts of a large whole; their sum may be off by how they are added up. */
const WHOLE_BUT_ROUNDING = 1 - 1e-9
