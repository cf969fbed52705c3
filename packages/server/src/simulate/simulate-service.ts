import type { Family, Service } from '@windrose/steering'
import type { FamiliesBody, SimulatedServiceBody } from '../control/simulate-types.ts'
import type { ClientSpace } from './client-space.ts'
import type { ClassCount, ClientCount } from './count-clients.ts'
import { judgeCapacity } from './judge-capacity.ts'
import { MoveSums } from './move-sums.ts'
import { ServiceMoves, type SidedService } from './service-moves.ts'
import type { SiteNumbers } from './site-numbers.ts'
import { sumNetworks } from './sum-networks.ts'

/** A service on both sides. */
export interface ComparedService {
  readonly before: SidedService
  readonly after: SidedService
}

/** The clients of both families, by their classes on both sides. */
export interface ClientCounts {
  readonly ipv4: ClientCount
  readonly ipv6: ClientCount
}

/** Where the clients of a service are sent before and after, by where they are. `family` is that of the answers. */
export function simulateService(
  { before, after }: ComparedService,
  family: Family,
  space: ClientSpace,
  counts: ClientCounts,
  sites: SiteNumbers,
): Omit<SimulatedServiceBody, 'queries'> {
  const moves = new ServiceMoves(before, after, family)
  const sum = (cells: readonly ClassCount[]): MoveSums => {
    const sums = new MoveSums()
    for (const { before: from, after: to, units } of cells) sums.add(moves.of(from, to), units)
    return sums
  }
  const sumFamilies = (pick: (count: ClientCount) => readonly ClassCount[]): SummedFamilies => ({
    ipv4: sum(pick(counts.ipv4)),
    ipv6: sum(pick(counts.ipv6)),
  })
  const print = ({ ipv4, ipv6 }: SummedFamilies): FamiliesBody => ({
    ipv4: ipv4.print((site) => sites.name(site)),
    ipv6: ipv6.print((site) => sites.name(site)),
  })
  const all = sumFamilies(({ countries }) => countries.flat())
  const countries = space.countries.map((country, index) => ({
    country,
    sums: sumFamilies((count) => count.countries[index]!),
  }))
  const networkCounts = { ipv4: counts.ipv4.networks, ipv6: counts.ipv6.networks }
  const networks = sumNetworks(space.networks, networkCounts, moves, NETWORKS_MAX)
  return {
    service: (before.service ?? after.service)!.name,
    serviceAfter: after.service?.name ?? null,
    sites: [...new Set([before.service, after.service].flatMap((service) => (service ? siteNamesOf(service) : [])))],
    ...print(all),
    named: print(sumFamilies(({ named }) => named)),
    countries: countries
      .filter(({ sums: { ipv4, ipv6 } }) => ipv4.units > 0 || ipv6.units > 0)
      .map(({ country, sums }) => ({ country, ...print(sums) }))
      .sort((a, b) => b.ipv4.units - a.ipv4.units || (a.country < b.country ? -1 : 1)),
    networks: networks.first.map(({ network, ...sums }) => ({ ...network, ...print(sums) })),
    networksLeftOut: networks.leftOut,
    capacity: judgeCapacity(all.ipv4, [before, after], sites),
  }
}

/** Of its own pools, and of those of the services that it is made of. */
function siteNamesOf({ pools }: Service): string[] {
  return pools.flatMap(({ endpoints, siteName, nested }) => [
    ...(endpoints.length > 0 ? [siteName] : []),
    ...(nested === undefined ? [] : siteNamesOf(nested.service)),
  ])
}

interface SummedFamilies {
  readonly ipv4: MoveSums
  readonly ipv6: MoveSums
}

/** There are as many networks as a large database knows: what is shown of them is what an operator would ask about. */
const NETWORKS_MAX = 1000
