import type { Decision } from './decision.ts'
import { cellAt, cellVerdict, DRAINED, FORCED, type HealthTable, Verdict } from './health-table.ts'
import type { Endpoint, Family, Pool, Service } from './service.ts'

/**
 * What is known of one pool for one question: which of its endpoints may be served, and how good the pool is as a whole.
 *
 * Every candidate is in exactly one place:
 *
 *   forced down ....... forcedDown   never served: an operator said so
 *   drained ........... drained      served only when nothing else is up or unknown
 *   on standby ........ standby      served only when no other is up
 *   any other ......... considered   by verdict in `inService`; only these make the pool ok or failed
 */
export interface PoolState {
  readonly pool: Pool
  /** Index into the service's pools. */
  readonly position: number
  /** Endpoints of the family with a weight above 0, in the order of the file. */
  readonly candidates: readonly Endpoint[]
  readonly considered: readonly Endpoint[]
  readonly inService: ByVerdict
  readonly standby: ByVerdict
  readonly drained: ByVerdict
  readonly forcedDown: readonly Endpoint[]
  readonly condition: Condition
  /** Endpoints of the other family that the condition was read from, where the pool has no candidates. */
  readonly witnesses: readonly Endpoint[]
  /** What the service that the pool stands for decides for the same client. */
  readonly nested: NestedDecision | undefined
}

export interface ByVerdict {
  readonly up: readonly Endpoint[]
  readonly unknown: readonly Endpoint[]
  readonly down: readonly Endpoint[]
}

export interface NestedDecision {
  readonly service: Service
  readonly weight: number
  readonly decision: Decision
}

/**
 * - `ok`: enough of it is up; it serves its up endpoints.
 * - `held`: enough of it is up again, but it failed lately: it is passed over as long as another pool is ok.
 * - `panic`: something is up, but too little: whoever chooses among pools passes over it; if it is chosen nevertheless,
 *   its health is ignored.
 * - `unknown`: nothing is up, something has no verdict yet.
 * - `down`: every considered endpoint is down.
 * - `aside`: nothing of it is in service (drained, forced down or on standby).
 */
export type Condition = 'ok' | 'held' | 'panic' | 'unknown' | 'down' | 'aside'

/** Decides for a service that a pool stands for. */
export type DecideNested = (service: Service) => Decision

/**
 * The pools that have an endpoint for this family, in the order of the file.
 *
 * A pool without one is left out before tiers are made, so an AAAA question goes to the nearest pool that has IPv6. (gdnsd
 * chooses the datacentre first and answers NODATA if it has no such address. There, a client that has only IPv6 is told that
 * a service does not exist which another site would have given it.) Where `missingFamily` is `same_site`, it is as in gdnsd:
 * such a pool stays, as good as its endpoints of the other family, and has no candidates.
 */
export function readPools(
  service: Service,
  family: Family,
  view: number,
  health: HealthTable,
  decideNested: DecideNested,
): readonly PoolState[] {
  const states: PoolState[] = []
  service.pools.forEach((pool, position) => {
    if (pool.nested !== undefined) {
      const { weight } = pool.nested
      const decision = decideNested(pool.nested.service)
      const isServable = weight > 0 && (decision.ground !== 'none' || service.missingFamily === 'same_site')
      if (isServable) states.push(nestedState(pool, position, { service: pool.nested.service, weight, decision }))
      return
    }
    const candidates = pool.endpoints.filter((endpoint) => isCandidate(endpoint, family))
    if (candidates.length === 0 && service.missingFamily === 'next_site') return
    const other = pool.endpoints.filter((endpoint) => isCandidate(endpoint, OTHER[family]))
    if (candidates.length === 0 && other.length === 0) return
    const sorted = sortByHealth(candidates, view, health)
    const judged = candidates.length > 0 ? sorted : sortByHealth(other, view, health)
    const condition = judgePool(judged, service.panic)
    const witnesses = candidates.length > 0 ? [] : other
    states.push({ pool, position, candidates, ...sorted, condition, witnesses, nested: undefined })
  })
  return states
}

const OTHER: Readonly<Record<Family, Family>> = { ipv4: 'ipv6', ipv6: 'ipv4' }

/** A nested service is as good as the ground that it decides on. */
function nestedState(pool: Pool, position: number, nested: NestedDecision): PoolState {
  return {
    pool,
    position,
    candidates: [],
    considered: [],
    inService: NOTHING,
    standby: NOTHING,
    drained: NOTHING,
    forcedDown: [],
    condition: CONDITIONS[nested.decision.ground],
    witnesses: [],
    nested,
  }
}

const NOTHING: ByVerdict = { up: [], unknown: [], down: [] }

const CONDITIONS: Readonly<Record<Decision['ground'], Condition>> = {
  up: 'ok',
  panic: 'panic',
  standby: 'aside',
  unknown: 'unknown',
  drained: 'aside',
  'all-down': 'down',
  none: 'aside',
}

/** An endpoint that answers questions of a family: of its kind or a name, and of a weight above 0 (0 is never served). */
export function isCandidate(endpoint: Endpoint, family: Family): boolean {
  return servesFamily(endpoint, family) && endpoint.weight > 0
}

export function servesFamily(endpoint: Endpoint, family: Family): boolean {
  return endpoint.kind === family || endpoint.kind === 'name'
}

/**
 * Whether a part is less than the share `panic` of a whole, both in weight.
 *
 * Equal is enough: of four equal endpoints two are, of three two are needed (the required weight is panic * whole, rounded
 * up). The tolerance is relative and far below one unit of weight; it is there because 0.55 * 100 is 55.00000000000001 in
 * floating point, and 55 of 100 must satisfy 0.55.
 */
export function isBelowShare(part: number, whole: number, panic: number): boolean {
  return part < panic * whole * (1 - 1e-12)
}

export function sumWeights(endpoints: readonly Endpoint[]): number {
  return endpoints.reduce((sum, endpoint) => sum + endpoint.weight, 0)
}

type Sorted = Pick<PoolState, 'considered' | 'inService' | 'standby' | 'drained' | 'forcedDown'> & {
  readonly isHeld: boolean
}

function sortByHealth(candidates: readonly Endpoint[], view: number, health: HealthTable): Sorted {
  const considered: Endpoint[] = []
  const forcedDown: Endpoint[] = []
  const inService = { up: [] as Endpoint[], unknown: [] as Endpoint[], down: [] as Endpoint[] }
  const standby = { up: [] as Endpoint[], unknown: [] as Endpoint[], down: [] as Endpoint[] }
  const drained = { up: [] as Endpoint[], unknown: [] as Endpoint[], down: [] as Endpoint[] }
  let isHeld = false
  for (const endpoint of candidates) {
    const cell = cellAt(health, view, endpoint.index)
    const verdict = VERDICT_NAMES[cellVerdict(cell)] ?? 'unknown'
    if ((cell & FORCED) !== 0 && verdict === 'down') forcedDown.push(endpoint)
    else if ((cell & DRAINED) !== 0) drained[verdict].push(endpoint)
    else if (endpoint.standby === true) standby[verdict].push(endpoint)
    else {
      considered.push(endpoint)
      inService[verdict].push(endpoint)
      isHeld ||= health.held[endpoint.index] === 1
    }
  }
  return { considered, inService, standby, drained, forcedDown, isHeld }
}

const VERDICT_NAMES: Readonly<Record<number, keyof ByVerdict>> = {
  [Verdict.unknown]: 'unknown',
  [Verdict.up]: 'up',
  [Verdict.down]: 'down',
}

/** Unknown endpoints are evidence of nothing, so they are in neither part of the share. */
function judgePool(sorted: Sorted, panic: number): Condition {
  const { up, unknown, down } = sorted.inService
  if (up.length > 0) {
    const upWeight = sumWeights(up)
    if (isBelowShare(upWeight, upWeight + sumWeights(down), panic)) return 'panic'
    return sorted.isHeld ? 'held' : 'ok'
  }
  if (unknown.length > 0) return 'unknown'
  return down.length > 0 ? 'down' : 'aside'
}
