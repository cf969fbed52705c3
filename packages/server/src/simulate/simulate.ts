import type { ClientMap, Family } from '@windrose/steering'
import type { SimulatedServiceBody, SimulatedSiteBody, SimulationBody } from '../control/simulate-types.ts'
import { readQueryLog } from '../what-if/read-query-log.ts'
import type { Side } from '../what-if/side.ts'
import type { ClientSpace } from './client-space.ts'
import { compareServices } from './compared-services.ts'
import { countClients } from './count-clients.ts'
import { type ComparedSides, measureDemand } from './measure-demand.ts'
import type { WhatIf } from './read-what-if.ts'
import { type ClientCounts, type ComparedService, simulateService } from './simulate-service.ts'
import { SiteNumbers } from './site-numbers.ts'

/** The part of a simulation that is computed from both sides. */
export type SimulatedClients = Pick<SimulationBody, 'type' | 'sites' | 'services' | 'demand'>

/**
 * Where the clients of services are sent on one side and on the other. Pure, and exact: classes are decided for once, and
 * how many clients there are of each is counted, never sampled. What is wrong with the question is a sentence.
 */
export function simulate(
  before: Side,
  after: Side,
  space: ClientSpace,
  asked: Pick<WhatIf, 'service' | 'name' | 'type' | 'queries'>,
): SimulatedClients | { readonly problem: string } {
  const numbers = new SiteNumbers()
  const sides: ComparedSides = {
    before: { side: before, siteOf: numbers.reader(before.configuration) },
    after: { side: after, siteOf: numbers.reader(after.configuration) },
  }
  const compared = compareServices(asked, sides)
  if ('problem' in compared) return compared
  const family: Family = asked.type === 'AAAA' ? 'ipv6' : 'ipv4'
  const counting = new Counting(space)
  const demand = asked.queries === undefined ? undefined : measureDemand(readQueryLog(asked.queries), sides, numbers)
  const services = compared.map((service): SimulatedServiceBody => {
    const counts = counting.of(mapOf(service.before), mapOf(service.after))
    const simulated = simulateService(service, family, space, counts, numbers)
    const queries = demand?.services.get(simulated.service)?.print((site) => numbers.name(site))
    return { ...simulated, queries: queries ?? (demand === undefined ? null : NO_QUERIES) }
  })
  return { type: asked.type, sites: sitesOf(before, after), services, demand: demand?.body ?? null }
}

const NO_QUERIES = { units: 0, before: [], after: [], moved: 0, moves: [] } as const

function mapOf({ side, service }: ComparedService['before']): ClientMap | undefined {
  return service === undefined ? undefined : side.snapshot.maps[service.clientMap]
}

/** Services that place clients alike share a map: for each pair of maps clients are counted once. */
class Counting {
  readonly #space: ClientSpace
  readonly #known: { readonly maps: readonly (ClientMap | undefined)[]; readonly counts: ClientCounts }[] = []

  constructor(space: ClientSpace) {
    this.#space = space
  }

  of(before: ClientMap | undefined, after: ClientMap | undefined): ClientCounts {
    const known = this.#known.find(({ maps }) => maps[0] === before && maps[1] === after)
    if (known !== undefined) return known.counts
    const counts = {
      ipv4: countClients(this.#space, before, after, 4),
      ipv6: countClients(this.#space, before, after, 6),
    }
    this.#known.push({ maps: [before, after], counts })
    return counts
  }
}

/** Those of both sides; where both have one of a name, it is where it is after the change. */
function sitesOf(before: Side, after: Side): readonly SimulatedSiteBody[] {
  const sites = new Map(
    [...before.configuration.sites, ...after.configuration.sites].map(({ name, country, latitude, longitude }) => [
      name,
      { name, country: country ?? null, latitude: latitude ?? null, longitude: longitude ?? null },
    ]),
  )
  return [...sites.values()]
}
