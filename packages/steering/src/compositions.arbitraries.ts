import fc from 'fast-check'
import type { PlacedLoad } from './placed-load.ts'
import { anyHealth, anyService, countEndpoints, makeEndpoint, type Scene } from './scenes.arbitraries.ts'
import type { Pool, Service, Step } from './service.ts'

/** Steps of any kinds in any order, the draw last. */
export const anySteps: fc.Arbitrary<readonly Step['kind'][]> = fc
  .tuple(
    fc.array(fc.constantFrom<Step['kind']>('failover', 'nearest', 'latency'), { maxLength: 2 }),
    fc.constantFrom<readonly Step['kind'][]>([], ['geo']),
    fc.constantFrom<readonly Step['kind'][]>([], ['weighted'], ['consistent'], ['round_robin'], ['all']),
    fc.boolean(),
  )
  .map(([ordering, geo, draw, isGeoFirst]) => [
    ...(isGeoFirst ? geo : []),
    ...ordering,
    ...(isGeoFirst ? [] : geo),
    ...draw,
  ])

/** A service with services inside it, verdicts on all of them, and what capacity has placed. */
export interface Composition extends Scene {
  /** That service and all that may be inside it, by index. */
  readonly services: readonly Service[]
  readonly placed: PlacedLoad | undefined
  /** What is placed of clients of another class; undefined where nothing is placed of any. */
  readonly placedElsewhere: PlacedLoad | undefined
}

const anyShares = fc.array(fc.constantFrom(0, 0, 8_000, 16_384, 40_000), { minLength: 5, maxLength: 5 })

/** Up to three services, of which each may be a pool of an earlier one, also several times. */
export const anyComposition: fc.Arbitrary<Composition> = fc
  .record({
    services: fc.array(anySteps.chain(anyService), { minLength: 1, maxLength: 3 }),
    places: fc.array(fc.record({ inner: fc.nat(2), pool: fc.nat(4), weight: fc.nat(3), isPlaced: fc.boolean() }), {
      maxLength: 4,
    }),
    repeats: fc.boolean(),
    views: fc.integer({ min: 1, max: 3 }),
    shares: fc.option(fc.tuple(anyShares, anyShares)),
    bits: fc.constantFrom({ ipv4: 24, ipv6: 56 }, { ipv4: 10, ipv6: 20 }),
  })
  .chain(({ services, places, repeats, views, shares, bits }) => {
    let endpoints = 0
    const numbered = services.map((service, number) => {
      const first = endpoints
      endpoints += countEndpoints(service)
      return renumber(service, number, { first, repeats })
    })
    // From the innermost on: a service holds later ones only.
    const nested: Service[] = []
    for (const [number, outer] of [...numbered.entries()].reverse()) {
      const mine = places.filter(({ inner }) => inner === number && number + 1 < numbered.length)
      nested.unshift({ ...outer, pools: nest(outer, [...nested], mine) })
    }
    const service = nested[0]!
    const [placed, placedElsewhere] = (shares ?? [undefined, undefined]).map((parts) =>
      parts === undefined ? undefined : { shares: sharesOf(parts, service), keyLengths: bits },
    )
    return anyHealth(endpoints, views).map((health) => ({ service, services: nested, health, placed, placedElsewhere }))
  })

interface NestedPlace {
  readonly pool: number
  readonly weight: number
  readonly isPlaced: boolean
}

/** Pools that are replaced by the services made so far. */
function nest(outer: Service, made: readonly Service[], places: readonly NestedPlace[]): Pool[] {
  return outer.pools.map((pool, position) => {
    const index = places.findIndex((place) => place.pool === position)
    const place = places[index]
    if (place === undefined) return pool
    const nested = { service: made[index % made.length]!, weight: place.weight }
    return { site: place.isPlaced ? pool.site : -1, siteName: nested.service.name, endpoints: [], nested }
  })
}

/** Its endpoints follow those of others; with `repeats` the first has the address of the first one of all. */
function renumber(service: Service, number: number, { first, repeats }: { first: number; repeats: boolean }): Service {
  const name = `service-${number}`
  const pools = service.pools.map((pool) => ({
    ...pool,
    endpoints: pool.endpoints.map((endpoint) => {
      const { siteName } = pool
      const made = makeEndpoint({
        ...endpoint,
        index: first + endpoint.index,
        siteName,
        label: `${number}-${endpoint.label}`,
      })
      const isRepeated = repeats && endpoint.index === 0 && endpoint.kind !== 'name'
      return {
        ...made,
        id: `${name}/${siteName}/${made.label}`,
        ...(isRepeated ? { target: made.target.with(-1, 0) } : {}),
      }
    }),
  }))
  return { ...service, name, index: number, pools }
}

/** Parts of a whole for each pool but the first, together no more than that. */
function sharesOf(parts: readonly number[], { pools }: Service): Uint16Array {
  let left = 65_535
  return Uint16Array.from(pools, (_, position) => {
    const part = position === 0 ? 0 : Math.min(left, parts[position]!)
    left -= part
    return part
  })
}
