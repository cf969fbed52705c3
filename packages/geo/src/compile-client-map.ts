import { BinaryTrie, buildPrefixTrie, type TrieRoots } from '@windrose/ip'
import { type ClientMap, DEFAULT_AREA } from '@windrose/steering'
import { AreaIndex } from './area-index.ts'
import { measureClasses } from './class-costs.ts'
import { type ClassLayer, networkLayer, prefixLayer, ruleLayer, specialLayer } from './class-layers.ts'
import { ClassTable } from './class-table.ts'
import { type MapSpec, mapSpecKey } from './map-spec.ts'
import { copyLeaves, overlay } from './overlay.ts'
import type { PlaceMap } from './place-map.ts'
import { SiteOrder } from './site-order.ts'
import { GLOBAL_VIEW, ViewOrder } from './view-order.ts'

/**
 * Compiles what places a client: from the address to the class that steering decides by.
 *
 *   places of the databases      each one is the class of its nearest sites, of its view and of the areas of its region
 *   networks that areas name     over that: their areas
 *   special-purpose prefixes     over both: such an address says nothing about where its client is
 *   prefixes that areas name     over all that: their areas alone
 *   rules                        likewise: their sites and views alone; the longest prefix wins
 *
 * Everything in the result is flat and lies on shared memory, or is small: it can be sent to other threads at no cost. The
 * place map has to be one that was made for the areas of the spec.
 */
export function compileClientMap(placeMap: PlaceMap, spec: MapSpec): ClientMap {
  const tables = (spec.areas ?? []).map((table) => new AreaIndex(table))
  const classes = new ClassTable(tables.length)
  const trie = new BinaryTrie(1 << 16)
  const classOf = classifyPlaces(placeMap, spec, { tables, classes })
  let roots: TrieRoots = {
    ipv4: copyLeaves(placeMap.trie, placeMap.ipv4, classOf, trie),
    ipv6: copyLeaves(placeMap.trie, placeMap.ipv6, classOf, trie),
  }
  const { networks } = placeMap
  const asks = networks?.asns.some((asn) => tables.some((table) => table.ofNetwork(asn) !== undefined)) === true
  const layers: ClassLayer[] = [
    ...(asks ? [networkLayer(networks, tables, classes)] : []),
    specialLayer(),
    ...tables.map((_, table) => prefixLayer(tables, table, classes)),
    ruleLayer(spec.rules, tables, classes),
  ]
  for (const layer of layers) {
    roots = {
      ipv4: overlay(trie, roots.ipv4, layer, layer.ipv4),
      ipv6: overlay(trie, roots.ipv6, layer, layer.ipv6),
    }
  }
  const map = { trie: buildPrefixTrie(trie, roots), classes: classes.list }
  if (spec.costs !== true) return map
  return { ...map, costs: measureClasses(placeMap, spec.sites, { trie, ...roots, classes: classes.list.length }) }
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

interface Classification {
  readonly tables: readonly AreaIndex[]
  readonly classes: ClassTable
}

/** The class of each place, by place number. */
function classifyPlaces({ places }: PlaceMap, spec: MapSpec, { tables, classes }: Classification): Int32Array {
  const classOf = new Int32Array(places.size)
  const order = new SiteOrder(spec.sites, spec.preferred, spec.groups)
  const views = new ViewOrder(spec.views ?? GLOBAL_VIEW)
  const areasOf = places.regions.map((region) => tables.map((table) => table.ofRegion(region)?.area ?? DEFAULT_AREA))
  for (let place = 1; place < classOf.length; place++) {
    const region = places.region(place)
    const hasPoint = places.hasPoint(place)
    const at = places.coordinates(place)
    classOf[place] = classes.number({
      rule: -1,
      view: hasPoint ? views.of(at, places.regions[region]!.country) : 0,
      sites: hasPoint ? order.nearest(at) : [],
      areas: areasOf[region]!,
    })
  }
  return classOf
}
