import { BinaryTrie, buildPrefixTrie, type Prefix, SPECIAL_PURPOSE } from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import { ClassTable } from './class-table.ts'
import { type MapSpec, mapSpecKey } from './map-spec.ts'
import type { PlaceMap } from './place-map.ts'
import { SiteOrder } from './site-order.ts'
import { GLOBAL_VIEW, ViewOrder } from './view-order.ts'

/**
 * Compiles what places a client: from the address to the class that steering decides by.
 *
 *   places of the databases      each one is the class of its nearest sites and of its view
 *   special-purpose prefixes     over that: such an address says nothing about where its client is
 *   rules, shortest first        over both
 *
 * Everything in the result is flat and lies on shared memory, or is small: it can be sent to other threads at no cost.
 */
export function compileClientMap(placeMap: PlaceMap, spec: MapSpec): ClientMap {
  const classes = new ClassTable()
  const trie = new BinaryTrie(1 << 16)
  const classOf = classifyPlaces(placeMap, spec, classes)
  const roots = {
    ipv4: copyClasses(placeMap.trie, placeMap.ipv4, classOf, trie),
    ipv6: copyClasses(placeMap.trie, placeMap.ipv6, classOf, trie),
  }
  const lay = (prefix: Prefix, number: number): void => {
    const family = prefix.address.length === 4 ? 'ipv4' : 'ipv6'
    roots[family] = trie.withPrefix(roots[family], prefix, number)
  }
  for (const prefix of SPECIAL_PURPOSE) lay(prefix, SPECIAL_CLASS)
  for (const { prefix, number } of classifyRules(spec, classes)) lay(prefix, number)
  return { trie: buildPrefixTrie(trie, roots), classes: classes.list }
}

/** One map for each spec, in order; equal specs share one. */
export function compileClientMaps(placeMap: PlaceMap, specs: readonly MapSpec[]): ClientMap[] {
  const compiled = new Map<string, ClientMap>()
  return specs.map((spec) => {
    const key = mapSpecKey(spec)
    const map = compiled.get(key) ?? compileClientMap(placeMap, spec)
    compiled.set(key, map)
    return map
  })
}

/** The class of each place, by place number. */
function classifyPlaces(placeMap: PlaceMap, spec: MapSpec, classes: ClassTable): Int32Array {
  const classOf = new Int32Array(placeMap.places.size)
  const order = new SiteOrder(spec.sites, spec.preferred)
  const views = new ViewOrder(spec.views ?? GLOBAL_VIEW)
  for (let place = 1; place < classOf.length; place++) {
    const at = placeMap.places.coordinates(place)
    classOf[place] = classes.number({
      rule: -1,
      view: views.of(at, placeMap.places.country(place)),
      sites: order.nearest(at),
      areas: [],
    })
  }
  return classOf
}

/**
 * The class of each rule, shorter prefixes first, so that longer ones are laid over them.
 *
 * Rules that name the same sites and the same view share a class, that of the first one: clients of both get the same decision, and only
 * one class lets their prefixes merge into one ECS scope.
 */
function classifyRules(spec: MapSpec, classes: ClassTable): { prefix: Prefix; number: number }[] {
  const firstWith = new Map<string, number>()
  const laid = spec.rules.map((rule, index) => {
    const { prefix, sites, view = 0 } = rule
    const key = `${view} ${sites.join()}`
    if (!firstWith.has(key)) firstWith.set(key, index)
    return { prefix, number: classes.number({ rule: firstWith.get(key)!, view, sites, areas: [] }) }
  })
  return laid.sort((a, b) => a.prefix.length - b.prefix.length)
}

function copyClasses(from: BinaryTrie, reference: number, classOf: Int32Array, to: BinaryTrie): number {
  if (reference >= 0) return classOf[reference]!
  const zero = copyClasses(from, from.half(reference, 0), classOf, to)
  return to.join(zero, copyClasses(from, from.half(reference, 1), classOf, to))
}
