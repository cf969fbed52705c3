import type { TraceLine } from './decision.ts'
import { cellAt, cellVerdict, DEGRADED, DRAINED, FORCED, type HealthTable, STALE, Verdict } from './health-table.ts'
import { type PoolState, servesFamily, sumWeights } from './pool-state.ts'
import type { Endpoint, Family, Pool, Service } from './service.ts'
import { listLabels, listTexts } from './trace-text.ts'

/** Which pools have endpoints of the family, in the order of the file. */
export function traceCandidates(service: Service, family: Family): readonly TraceLine[] {
  if (service.pools.length === 0) return [{ stage: 'candidates', text: 'the service has no pool' }]
  return service.pools.map((pool) => {
    if (pool.nested !== undefined) {
      return { stage: 'candidates', text: `${pool.siteName}: the service ${pool.nested.service.name}` }
    }
    const endpoints = pool.endpoints.filter((endpoint) => servesFamily(endpoint, family))
    const text = endpoints.length === 0 ? `no ${FAMILIES[family]} endpoint` : listLabels(endpoints)
    return { stage: 'candidates', text: `${pool.siteName}: ${text}` }
  })
}

const FAMILIES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' }

/** What the services that pools stand for decided, line by line: each line is led by the service's name and its stage. */
export function traceNested(pools: readonly PoolState[]): readonly TraceLine[] {
  return pools.flatMap(({ nested }) =>
    (nested?.decision.trace ?? []).map(
      ({ stage, text }): TraceLine => ({ stage: 'candidates', text: `${nested!.service.name} ${stage}: ${text}` }),
    ),
  )
}

/** How many of each pool are up, and what was dropped for which reason. */
export function traceEligible(pools: readonly PoolState[], view: number, health: HealthTable): readonly TraceLine[] {
  if (pools.length === 0) return [{ stage: 'eligible', text: 'no endpoint' }]
  return pools.flatMap((state): TraceLine[] => {
    if (state.nested !== undefined) {
      const text = `${state.pool.siteName}: ${state.nested.service.name} decides on the ground "${state.nested.decision.ground}"`
      return [{ stage: 'eligible', text }]
    }
    const onStandby = [...state.standby.up, ...state.standby.unknown, ...state.standby.down]
    const counts = `${state.inService.up.length} of ${state.considered.length} up`
    const groups = new Map<string, Endpoint[]>()
    for (const endpoint of state.candidates) {
      const remark = remarkOn(cellAt(health, view, endpoint.index))
      if (remark !== '') groups.set(remark, [...(groups.get(remark) ?? []), endpoint])
    }
    const remarks = [...groups].map(([remark, endpoints]) => `${listLabels(endpoints)} ${remark}`)
    if (onStandby.length > 0) remarks.push(`${listLabels(onStandby)} on standby`)
    return [counts, ...remarks].map(
      (text): TraceLine => ({ stage: 'eligible', text: `${state.pool.siteName}: ${text}` }),
    )
  })
}

/** Endpoints that the file itself takes out of service. */
export function traceWeightless(pools: readonly Pool[], family: Family): readonly TraceLine[] {
  return pools.flatMap((pool) => {
    const endpoints = pool.endpoints.filter((e) => servesFamily(e, family) && e.weight <= 0)
    if (endpoints.length === 0) return []
    return [{ stage: 'eligible', text: `${pool.siteName}: ${listLabels(endpoints)} dropped: weight 0` }]
  })
}

/** What is worth saying of a cell; nothing of one that is plainly up. */
function remarkOn(cell: number): string {
  const verdict = cellVerdict(cell)
  const state = describeCell(cell)
  const isAside = (cell & DRAINED) !== 0 || verdict !== Verdict.up
  if (isAside) return `dropped: ${state}`
  return state === 'up' ? '' : `kept: ${state}`
}

/** The verdict of a cell with all that is to be said of it: `down`, `forced up`, `drained, up (stale)`. */
export function describeCell(cell: number): string {
  const verdict = cellVerdict(cell)
  const isForced = (cell & FORCED) !== 0
  const word = `${isForced ? 'forced ' : ''}${verdict === Verdict.up ? 'up' : verdict === Verdict.down ? 'down' : 'unknown'}`
  const flags = [(cell & STALE) !== 0 ? 'stale' : '', (cell & DEGRADED) !== 0 ? 'degraded' : ''].filter((f) => f !== '')
  const state = flags.length > 0 ? `${word} (${flags.join(', ')})` : word
  const isDrained = (cell & DRAINED) !== 0 && !(isForced && verdict === Verdict.down)
  return isDrained ? `drained, ${state}` : state
}

export function listSites(pools: readonly PoolState[]): string {
  return listTexts(pools.map(({ pool }) => pool.siteName))
}

/** Which pools count as failed for the policy, and why. */
export function tracePanic(pools: readonly PoolState[], panic: number): readonly TraceLine[] {
  const failed = pools.filter((state) => state.condition !== 'ok')
  if (failed.length === 0) return [{ stage: 'panic', text: `no pool has less than ${panic} of its weight up` }]
  return failed.map((state) => ({ stage: 'panic', text: `${state.pool.siteName} ${explainCondition(state, panic)}` }))
}

function explainCondition(state: PoolState, panic: number): string {
  const { up, down } = state.inService
  switch (state.condition) {
    case 'ok':
      return 'has enough up'
    case 'held':
      return 'has enough up again, but failed lately: it is held back while another pool is ok'
    case 'panic': {
      const weights = `weight ${sumWeights(up)} of ${sumWeights(up) + sumWeights(down)} < ${panic}`
      return `has ${up.length} of ${up.length + down.length} up (${weights}): its health is ignored and it counts as failed`
    }
    case 'unknown':
      return 'has nothing up and not all down: it comes after every pool that has something up'
    case 'down':
      return 'has nothing up: it counts as failed'
    case 'aside':
      return 'has nothing in service: all of it is drained, forced down or on standby'
  }
}
