import { type Assignment, encodeShares, NO_HOME, WHOLE } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import type { Asked, GatheredWorkload, PlacedArea } from './gather-workload.ts'
import type { Homes, InForce } from './in-force.ts'
import { inheritedShares } from './inherited-shares.ts'
import type { PlacedClass, ServicePlacementRecord } from './placement-record.ts'

/** By service: classes that its clients have since a reload or a new database, and did not have before. */
export type FreshClasses = ReadonlyMap<string, ReadonlySet<string>>

type Sites = ServedConfiguration['sites']

/**
 * What is in force for these areas: what was placed; for the others the site that the policy preferred, which may have gone
 * since; for those that nobody has looked at yet, the policy's choice of now; but for fresh ones what others with the same
 * home have.
 */
export function assignmentOf(
  { areas, preference }: Pick<GatheredWorkload, 'areas' | 'preference'>,
  sites: Sites,
  inForce: InForce,
  { demand, fresh }: { readonly demand: Asked['demand']; readonly fresh: FreshClasses },
): Assignment {
  const width = sites.length
  const shares = new Float64Array(areas.length * width)
  const homeOf = new Int16Array(areas.length).fill(NO_HOME)
  const indexOf = new Map(sites.map(({ name }, index) => [name, index]))
  const inherited = new Map(
    [...fresh].flatMap(([service, keys]) =>
      keys.size === 0 ? [] : [[service, inheritedShares(service, inForce, demand.get(service))]],
    ),
  )
  for (const [row, { service, key }] of areas.entries()) {
    const known = inForce.placed.get(service.name)?.classes.get(key)
    const before = known?.home ?? inForce.homes.get(service.name)?.get(key)
    const home = before === undefined ? (preference[row]![0] ?? NO_HOME) : (indexOf.get(before) ?? NO_HOME)
    homeOf[row] = home
    const put = (parts: ReadonlyMap<string, number>, whole: number): void => {
      for (const [site, part] of parts) {
        const index = indexOf.get(site)
        if (index !== undefined) shares[row * width + index] = part / whole
      }
    }
    if (known !== undefined) put(known.shares, WHOLE)
    else if (home !== NO_HOME) {
      const { name } = sites[home]!
      const isFresh = before === undefined && fresh.get(service.name)?.has(key) === true
      put((isFresh ? inherited.get(service.name)?.get(name) : undefined) ?? new Map([[name, 1]]), 1)
    }
  }
  return { shares, homes: homeOf }
}

/** Classes that are not where the policy sends them, by service; and where it sends all of them. */
export class PlacedClasses implements InForce {
  readonly #placed = new Map<string, ServicePlacementRecord>()
  readonly #homes = new Map<string, Map<string, string>>()

  /** `before`: homes of classes that are not looked at this time. */
  constructor(services: readonly string[], before: Homes) {
    for (const service of services) {
      this.#placed.set(service, { service, classes: new Map() })
      this.#homes.set(service, new Map(before.get(service)))
    }
  }

  get placed(): ReadonlyMap<string, ServicePlacementRecord> {
    return this.#placed
  }

  get homes(): Homes {
    return this.#homes
  }

  take(areas: readonly PlacedArea[], { shares, homes }: Assignment, sites: Sites): void {
    const width = sites.length
    const parts = new Uint16Array(width)
    for (const [row, { service, key }] of areas.entries()) {
      const home = sites[homes[row]!]?.name
      this.#homes.get(service.name)!.set(key, home ?? '')
      if (home === undefined) continue
      encodeShares(shares.subarray(row * width, (row + 1) * width), parts)
      const isMoved = parts[homes[row]!] !== WHOLE && parts.some((part) => part > 0)
      if (isMoved) this.#classesOf(service.name).set(key, { home, shares: sharesByName(parts, sites) })
    }
  }

  #classesOf(service: string): Map<string, PlacedClass> {
    return this.#placed.get(service)!.classes as Map<string, PlacedClass>
  }
}

function sharesByName(parts: Uint16Array, sites: Sites): ReadonlyMap<string, number> {
  return new Map([...parts].flatMap((part, site): [string, number][] => (part > 0 ? [[sites[site]!.name, part]] : [])))
}
