import type { GeoConfiguration } from '@windrose/config'
import { type AreaTable, type Located, matchArea, matchRule, namesPrefixOf, printMatcher } from '@windrose/geo'
import { type Address, isSpecialPurpose } from '@windrose/ip'
import { allSteps, type ClientClass, type Service, type Step } from '@windrose/steering'
import type { ExplainedAreaBody } from './control/explain-types.ts'

/** A client whose class is explained. */
export interface ClassifiedClient {
  readonly classOf: ClientClass
  /** The address that the class was found by. */
  readonly address: Address
  /** What the databases say of it. */
  readonly located: readonly Located[]
}

/**
 * The areas that a client is in, by the geo steps of a service and of those nested in it. Areas whose clients get the same
 * are one in the class; here it is told which of them it was, and by which database.
 */
export function explainAreas(
  service: Service,
  tables: readonly AreaTable[],
  { classOf, address, located }: ClassifiedClient,
): ExplainedAreaBody[] {
  return geoStepsOf(service).map(({ name, step }) => {
    const number = classOf.areas[step.table] ?? 0
    const matched = matchArea(tables[step.table] ?? [], address, located)
    const area = step.areas[number]?.label ?? 'default'
    if (matched === undefined) return { service: name, area: number === 0 ? 'default' : area, by: null }
    if (matched.rule.area !== number) return { service: name, area, by: null }
    return { service: name, area: printMatcher(matched.rule.of), by: matched.database ?? null }
  })
}

/** The address that a class was found by: a subnet in private space that nobody names says nothing, and its resolver counts. */
export function classifiedAddress(
  { client, resolver }: { readonly client: Address | undefined; readonly resolver: Address },
  { rules }: Pick<GeoConfiguration, 'rules'>,
  tables: readonly AreaTable[],
): Address {
  if (client === undefined) return resolver
  const isNamed = matchRule(rules, client) !== undefined || tables.some((table) => namesPrefixOf(table, client))
  return isSpecialPurpose(client) && !isNamed ? resolver : client
}

type GeoStep = Extract<Step, { kind: 'geo' }>

/** In the order of their tables. */
function geoStepsOf(service: Service): { readonly name: string; readonly step: GeoStep }[] {
  const own = allSteps(service.steps).flatMap((step) => (step.kind === 'geo' ? [{ name: service.name, step }] : []))
  const nested = service.pools.flatMap((pool) => (pool.nested === undefined ? [] : geoStepsOf(pool.nested.service)))
  return [...own, ...nested].sort((a, b) => a.step.table - b.step.table)
}
