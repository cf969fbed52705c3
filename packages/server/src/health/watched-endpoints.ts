import type { HealthRules, ProbedEndpoint, ProbeTarget } from '@windrose/health'
import { targetKey } from '@windrose/store'
import { type Table, viewsOf } from '../build-snapshot.ts'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** The endpoints of one configuration with the table that holds their verdicts. */
export interface WatchedEndpoints {
  /** Row i of the table is endpoint i. */
  readonly endpoints: readonly ProbedEndpoint[]
  /** The indexes of the services whose answers depend on it, by endpoint. */
  readonly services: readonly (readonly number[])[]
  readonly table: Table
  /** Those that a probe target decides over, by the target's id. */
  readonly byTarget: ReadonlyMap<string, readonly ProbedEndpoint[]>
  /** Ids of probe targets by what records carry of them. */
  readonly byKey: ReadonlyMap<number, string>
  readonly rules: HealthRules
  /** The vantages that have a view of their own, in the order of the table's rows. */
  readonly vantages: readonly string[]
}

export function watchEndpoints(
  configuration: Pick<ServedConfiguration, 'endpoints' | 'probeTargets' | 'health'>,
  table: Table,
): WatchedEndpoints {
  const targets = new Map(configuration.probeTargets.map((target) => [target.id, target]))
  const byTarget = new Map<string, ProbedEndpoint[]>(configuration.probeTargets.map(({ id }) => [id, []]))
  const endpoints = configuration.endpoints.map(({ endpoint, targets: ids, rule }) => {
    const known = ids.map((id) => targets.get(id)).filter((target): target is ProbeTarget => target !== undefined)
    const probed: ProbedEndpoint = { index: endpoint.index, id: endpoint.id, targets: known, rule }
    for (const { id } of known) byTarget.get(id)?.push(probed)
    return probed
  })
  return {
    endpoints,
    services: configuration.endpoints.map(({ servedBy }) => servedBy),
    table,
    byTarget,
    byKey: new Map([...byTarget.keys()].map((id) => [targetKey(id), id])),
    rules: configuration.health.rules,
    vantages: viewsOf(configuration.health),
  }
}
