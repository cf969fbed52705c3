import { type Address, findLeaf, leafClass, leafLength, readPrefix } from '@windrose/ip'
import type { ClientMap } from '@windrose/steering'
import type { AreaMatcher, AreaTable } from './area-table.ts'
import { compileClientMap } from './compile-client-map.ts'
import type { MapSpec } from './map-spec.ts'
import type { Database } from './mmdb-file.ts'
import { namedAreas } from './named-areas.ts'
import { mapPlaces } from './place-map.ts'

/** A matcher as a configuration writes it. */
export function matcher(text: string): AreaMatcher {
  const read = readPrefix(text)
  if (read !== undefined) return { kind: 'prefix', prefix: read.prefix }
  const [kind, country = '', name = ''] = text.split(/[:/]/)
  switch (kind) {
    case 'asn':
      return { kind, asn: Number(country) }
    case 'city':
    case 'subdivision':
      return { kind, country, name }
    case 'country':
      return { kind, country }
    default:
      return { kind: 'continent', continent: country }
  }
}

/** Areas 1, 2, ... in their order; a list is one area. */
export function table(...areas: readonly (string | readonly string[])[]): AreaTable {
  return areas.flatMap((texts, i) => [texts].flat().map((text) => ({ of: matcher(text), area: i + 1 })))
}

/** The map of a spec of which only some parts matter. */
export function compileMap(databases: readonly Database[], spec: Partial<MapSpec>): ClientMap {
  const whole: MapSpec = { sites: [], preferred: 3, rules: [], ...spec }
  return compileClientMap(mapPlaces(databases, namedAreas([whole])), whole)
}

/** The class of an address and the length of its leaf. */
export function findClass(map: ClientMap, address: Address): { number: number; length: number } {
  const leaf = findLeaf(map.trie, address, 0, address.length === 4 ? 4 : 6)
  return { number: leafClass(leaf), length: leafLength(leaf) }
}
