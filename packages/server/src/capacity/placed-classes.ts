import { type Assignment, encodeShares, NO_HOME, WHOLE } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import type { PlacedArea } from './gather-workload.ts'
import type { PlacedClass, ServicePlacementRecord } from './placement-record.ts'

type Sites = ServedConfiguration['sites']

/** By service and `classKey`: the site that the policy preferred when the class was last looked at; empty for none. */
export type Homes = ReadonlyMap<string, ReadonlyMap<string, string>>

/** What is in force. */
export interface InForce {
  readonly placed: ReadonlyMap<string, ServicePlacementRecord>
  readonly homes: Homes
}

/**
 * What is in force for these areas: what was placed; for the others the site that the policy preferred, which may have gone
 * since; and for those that nobody has looked at yet, the policy's choice of now.
 */
export function assignmentOf(
  areas: readonly PlacedArea[],
  preference: readonly ArrayLike<number>[],
  sites: Sites,
  { placed, homes }: InForce,
): Assignment {
  const width = sites.length
  const shares = new Float64Array(areas.length * width)
  const homeOf = new Int16Array(areas.length).fill(NO_HOME)
  const indexOf = new Map(sites.map(({ name }, index) => [name, index]))
  for (const [row, { service, key }] of areas.entries()) {
    const known = placed.get(service.name)?.classes.get(key)
    const name = known?.home ?? homes.get(service.name)?.get(key)
    const home = name === undefined ? (preference[row]![0] ?? NO_HOME) : (indexOf.get(name) ?? NO_HOME)
    homeOf[row] = home
    if (known === undefined) {
      if (home !== NO_HOME) shares[row * width + home] = 1
      continue
    }
    for (const [site, parts] of known.shares) {
      const index = indexOf.get(site)
      if (index !== undefined) shares[row * width + index] = parts / WHOLE
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
