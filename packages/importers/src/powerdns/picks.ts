import type { DraftEndpoint } from '../draft.ts'
import { entryName, freeName } from '../name-entry.ts'
import type { PoolRecipe, Recipe } from '../recipe.ts'
import { argumentOf, type LuaCall, type LuaRecord, NotExpressible, numberOfValue } from './lua-record.ts'
import { allOf, baseOf, endpointsOf, inOnePool, weightedEndpointsOf } from './pick-pools.ts'

export type Pick = (record: LuaRecord, call: LuaCall) => Recipe

/**
 * The functions that pick without looking at health.
 *
 * `pickwhashed` and `pickchashed` keep a client at its answer, and so does `consistent`; which client has which answer is
 * another matter, so each client moves once.
 */
export const PICKS: ReadonlyMap<string, Pick> = new Map<string, Pick>([
  ['all', (record, call) => allOf(record, argumentOf(call, 0))],
  ['pickrandom', (record, call) => inOnePool(record, endpointsOf(record, argumentOf(call, 0)), { draw: 'weighted' })],
  [
    'pickrandomsample',
    (record, call) => {
      const answers = numberOfValue(record, argumentOf(call, 0), [1, 64])
      return inOnePool(record, endpointsOf(record, argumentOf(call, 1)), { draw: 'weighted', answers })
    },
  ],
  ['pickhashed', (record, call) => inOnePool(record, endpointsOf(record, argumentOf(call, 0)), { draw: 'consistent' })],
  [
    'pickwrandom',
    (record, call) => inOnePool(record, weightedEndpointsOf(record, argumentOf(call, 0)), { draw: 'weighted' }),
  ],
  [
    'pickwhashed',
    (record, call) => inOnePool(record, weightedEndpointsOf(record, argumentOf(call, 0)), { draw: 'consistent' }),
  ],
  [
    'pickchashed',
    (record, call) => inOnePool(record, weightedEndpointsOf(record, argumentOf(call, 0)), { draw: 'consistent' }),
  ],
  ['pickclosest', (record, call) => nearestOf(record, call, [endpointsOf(record, argumentOf(call, 0))])],
])

/**
 * The closest address, of the first set that can serve. PowerDNS looks up where each address is; here each place is a site
 * that has it written down.
 */
export function nearestOf(record: LuaRecord, call: LuaCall, sets: readonly (readonly DraftEndpoint[])[]): Recipe {
  const pools = new Map<string, PoolRecipe & { readonly kind: 'endpoints' }>()
  const tiers = sets.map((endpoints) => {
    const sites = endpoints.map((endpoint) => {
      const site = placedSite(record, call, endpoint.target)
      const known = pools.get(site)?.endpoints ?? []
      pools.set(site, { kind: 'endpoints', endpoints: [...known, endpoint] })
      return site
    })
    return [...new Set(sites)]
  })
  const isOnce = new Set(tiers.flat()).size === tiers.flat().length
  if (!isOnce)
    throw new NotExpressible(
      call.place,
      'two sets have addresses at the same place',
      'give the sites of the second set names of their own',
    )
  const steps = tiers.length > 1 ? [{ failover: tiers }, 'nearest' as const] : ['nearest' as const]
  return { ...baseOf(record), steps, draw: 'weighted', pools }
}

/** The site at the place of an address. */
function placedSite(record: LuaRecord, call: LuaCall, address: string): string {
  const place = record.placeOf(address)
  if (place === undefined || (place.at === undefined && place.country === undefined)) {
    const why = `where ${address} is, the database does not say`
    throw new NotExpressible(call.place, why, 'write a site with "at" for each address, and the policy nearest')
  }
  const { sites } = record.draft
  const wanted = JSON.stringify([place.at, place.country])
  for (const [name, site] of sites) if (JSON.stringify([site.at, site.country]) === wanted) return name
  const name = freeName(entryName((place.country ?? 'place').toLowerCase()), (other) => sites.has(other))
  sites.set(name, { ...place, comment: `where the database has ${address}` })
  return name
}
