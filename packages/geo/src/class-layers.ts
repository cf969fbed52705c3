import { BinaryTrie, type Prefix, SPECIAL_PURPOSE, type TrieRoots } from '@windrose/ip'
import { SPECIAL_CLASS } from '@windrose/steering'
import type { AreaIndex } from './area-index.ts'
import type { ClassTable } from './class-table.ts'
import type { MapRule } from './map-spec.ts'
import type { NetworkMap } from './network-map.ts'
import type { Layer } from './overlay.ts'

/** What is laid over the classes of places, for both families. */
export type ClassLayer = Layer & TrieRoots

/** Special-purpose prefixes: such an address says nothing about where its client is. */
export function specialLayer(): ClassLayer {
  const prefixes = SPECIAL_PURPOSE.map((prefix) => ({ prefix, leaf: SPECIAL_CLASS }))
  return { ...layPrefixes(prefixes), combine: () => SPECIAL_CLASS, hidesBelow: true }
}

/** The areas of networks: a client in one of them is in its area of each table that names it. */
export function networkLayer(networks: NetworkMap, tables: readonly AreaIndex[], classes: ClassTable): ClassLayer {
  const areasOf = networks.asns.map((asn) => tables.map((table) => table.ofNetwork(asn)?.area))
  const combine = onceForEachPair((below, above) => {
    const { areas, ...rest } = classes.at(below)
    return classes.number({ ...rest, areas: areas.map((area, table) => areasOf[above - 1]![table] ?? area) })
  })
  return { ...networks, combine, hidesBelow: false }
}

/** The prefixes of one table. They change no sites, also those of rules. */
export function prefixLayer(tables: readonly AreaIndex[], table: number, classes: ClassTable): ClassLayer {
  const prefixes = tables[table]!.prefixes.map(({ prefix, rule }) => ({ prefix, leaf: rule.area + 1 }))
  const combine = onceForEachPair((below, above) => {
    const { areas, ...rest } = classes.at(below)
    return classes.number({ ...rest, areas: areas.with(table, above - 1) })
  })
  return { ...layPrefixes(prefixes), combine, hidesBelow: false }
}

/**
 * The rules. They change no areas.
 *
 * Rules that name the same sites and the same view share the class of the first one: clients of both get the same decision,
 * and only one class lets their prefixes merge into one ECS scope.
 */
export function ruleLayer(rules: readonly MapRule[], tables: readonly AreaIndex[], classes: ClassTable): ClassLayer {
  const firstWith = new Map<string, number>()
  const prefixes = rules.map(({ prefix, sites, view = 0 }, index) => {
    const key = `${view} ${sites.join()}`
    if (!firstWith.has(key)) firstWith.set(key, index)
    return { prefix, leaf: firstWith.get(key)! + 1 }
  })
  const combine = onceForEachPair((below, above) => {
    const { sites, view = 0 } = rules[above - 1]!
    return classes.number({ rule: above - 1, view, sites, areas: classes.at(below).areas })
  })
  return { ...layPrefixes(prefixes), combine, hidesBelow: tables.length === 0 }
}

/** A trie in which each prefix has its leaf; the longest one wins. */
function layPrefixes(prefixes: readonly { readonly prefix: Prefix; readonly leaf: number }[]): TrieRoots & {
  readonly trie: BinaryTrie
} {
  const trie = new BinaryTrie()
  const roots = { ipv4: 0, ipv6: 0 }
  for (const { prefix, leaf } of [...prefixes].sort((a, b) => a.prefix.length - b.prefix.length)) {
    const family = prefix.address.length === 4 ? 'ipv4' : 'ipv6'
    roots[family] = trie.withPrefix(roots[family], prefix, leaf)
  }
  return { trie, ...roots }
}

/** Few pairs occur, and each of them in many places of a trie. Numbers are below 2^24. */
function onceForEachPair(combine: Layer['combine']): Layer['combine'] {
  const known = new Map<number, number>()
  return (below, above) => {
    const key = above * 2 ** 24 + below
    const made = known.get(key)
    if (made !== undefined) return made
    const number = combine(below, above)
    known.set(key, number)
    return number
  }
}
