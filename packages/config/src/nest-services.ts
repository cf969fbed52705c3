import type { Pool, Service } from '@windrose/steering'
import { type Compilation, isLeftOut, reportError } from './compilation.ts'
import { withTablesFrom } from './compile-map-spec.ts'
import type { DraftPool } from './compile-pools.ts'
import type { ConfiguredEndpoint } from './configuration.ts'
import { didYouMean } from './did-you-mean.ts'

/** A service whose pools name the services that they stand for. */
export interface DraftService extends Omit<Service, 'pools'> {
  readonly pools: readonly DraftPool[]
  /** How many tables of areas its geo steps have. */
  readonly tables: number
}

/**
 * Puts services into the pools that stand for them. A nested service is a copy: it is decided with the client's class of
 * the outermost one, which has the areas of all of them, table by table in the order of `servicesWithin`. Refused: services
 * that are not there, and circles.
 */
export function nestServices(compilation: Compilation, drafts: readonly DraftService[]): Service[] {
  const byName = new Map(drafts.map((draft) => [draft.name, draft]))
  const nest = (draft: DraftService, above: readonly string[], numbering: { next: number }): Service => {
    const { tables, ...rest } = draft
    const steps = withTablesFrom(draft.steps, numbering.next)
    numbering.next += tables
    const pools = draft.pools.flatMap(({ standsFor, ...pool }): Pool[] => {
      if (standsFor === undefined) return [pool]
      const { service, weight } = standsFor
      const child = byName.get(service)
      const path = ['services', draft.name, 'pools', pool.siteName, 'service']
      const chain = [...above, draft.name]
      if (child === undefined) {
        if (above.length === 0 && !isLeftOut(compilation, 'services', service)) {
          const hint = didYouMean(service, [...byName.keys()]) ?? 'give it an entry in "services"'
          reportError(compilation, path, `there is no service "${service}"`, hint)
        }
        return []
      }
      if (chain.includes(service)) {
        const circle = [...chain.slice(chain.indexOf(service)), service].join(' -> ')
        // Of a circle every service would tell; the one that closes it on itself is enough.
        if (chain[0] === service)
          reportError(compilation, path, `a circle: ${circle}`, 'a service cannot stand for itself')
        return []
      }
      return [{ ...pool, nested: { service: nest(child, chain, numbering), weight } }]
    })
    return { ...rest, steps, pools }
  }
  return drafts.map((draft) => nest(draft, [], { next: 0 }))
}

/** The service with its client map, which is also that of all nested in it. */
export function withClientMap(service: Service, clientMap: number): Service {
  const pools = service.pools.map((pool): Pool => {
    if (pool.nested === undefined) return pool
    return { ...pool, nested: { ...pool.nested, service: withClientMap(pool.nested.service, clientMap) } }
  })
  return { ...service, pools, clientMap }
}

/** The service and all that are nested in it, each as often as it is there. */
export function servicesWithin(service: Service): readonly Service[] {
  return [
    service,
    ...service.pools.flatMap(({ nested }) => (nested === undefined ? [] : servicesWithin(nested.service))),
  ]
}

/** The endpoints with all services whose answers depend on them. */
export function withServedBy(
  endpoints: readonly ConfiguredEndpoint[],
  services: readonly Service[],
): readonly ConfiguredEndpoint[] {
  const servedBy = services.map(({ index }) => new Set([index]))
  for (const service of services) {
    for (const { index } of servicesWithin(service)) servedBy[index]?.add(service.index)
  }
  return endpoints.map((endpoint) => ({ ...endpoint, servedBy: [...(servedBy[endpoint.service] ?? [])] }))
}
