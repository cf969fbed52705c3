import { type DraftArea, type DraftStep, note } from '../draft.ts'
import { entryName } from '../name-entry.ts'
import type { PoolRecipe, Recipe } from '../recipe.ts'
import { siteNamed } from '../site-name.ts'
import type { Definition, Gdnsd } from './definition.ts'
import type { GeoMap } from './geo-map.ts'
import type { MapRule } from './geo-map-rules.ts'
import { poolsOf, type RecipeOf, readDatacenters } from './meta.ts'

/** The areas of a map, by what they were made from: resources that have the same datacenters share them. */
export type SharedAreas = Map<string, ReadonlyMap<string, DraftArea>>

/** A geoip resource: datacenters in the order that the client's area has in the map. */
export function importGeoip(
  gdnsd: Gdnsd,
  definition: Definition,
  { recipeOf, shared }: { recipeOf: RecipeOf; shared: SharedAreas },
): Recipe | undefined {
  const { skipsFirst, map: mapName, recipes } = readDatacenters(gdnsd, definition, recipeOf)
  const map = gdnsd.maps.get(mapName ?? '')
  if (map === undefined) {
    const source = `geoip ${definition.name}: map => ${mapName ?? ''}`
    note(gdnsd.draft, 'left out', definition.place, {
      source,
      why: 'there is no such map',
      instead: 'mend it in the source',
    })
    return undefined
  }
  const plan: MapPlan = { gdnsd, definition, map, isServed: (name) => recipes.has(name), skipsFirst }
  const rules = rulesFor(plan)
  const fallback = rules.find(({ area }) => area === 'default')
  if (fallback === undefined) return undefined
  const listed = new Set(rules.flatMap(({ names }) => names))
  const hasNearest = rules.some(({ isAuto }) => isAuto)
  const isPlaced = (name: string): boolean => !hasNearest || map.coordinates.has(name)
  const sites = new Map(
    [...listed].map((name) => [name, isPlaced(name) ? siteOf(gdnsd, map, name) : `${entryName(name)}-unplaced`]),
  )
  const { draw, panic, pools } = poolsOf(
    new Map([...recipes].filter(([name]) => listed.has(name) && isPlaced(name))),
    (name) => sites.get(name)!,
  )
  // A site without coordinates cannot be a choice of nearest; a service in its place is what lists alone lead to.
  const unplaced = [...recipes].filter(([name]) => listed.has(name) && !isPlaced(name))
  const others = unplaced.map(([name, recipe]): [string, PoolRecipe] => [
    sites.get(name)!,
    { kind: 'recipe', recipe, site: siteOf(gdnsd, map, name) },
  ])
  noteUnreached(plan, recipes, listed)
  return {
    place: definition.place,
    title: `geoip resource "${definition.name}", map "${map.name}"`,
    steps: stepsFor(rules, { map, sites, shared, draw }),
    missingFamily: 'same_site',
    draw,
    panic,
    pools: new Map([...pools, ...others]),
  }
}

/** The site of a datacenter, with its coordinates where the map has some. */
export function siteOf({ draft }: Gdnsd, { coordinates }: GeoMap, datacenter: string): string {
  const at = coordinates.get(datacenter)
  return siteNamed(draft, datacenter, at === undefined ? {} : { at })
}

interface MapPlan {
  readonly gdnsd: Gdnsd
  readonly definition: Definition
  readonly map: GeoMap
  readonly isServed: (datacenter: string) => boolean
  readonly skipsFirst: boolean
}

/** A rule with the datacenters that this resource has. */
interface ServedRule {
  readonly area: string
  readonly place: DraftArea['place']
  readonly names: readonly string[]
  readonly isAuto: boolean
}

function rulesFor({ gdnsd, definition, map, isServed, skipsFirst }: MapPlan): ServedRule[] {
  const near = map.datacenters.filter((name) => map.coordinates.has(name))
  let isLimited = false
  const rules = [...map.rules, map.fallback].flatMap((rule): ServedRule[] => {
    const isAuto = rule.sites === 'auto'
    const names = (rule.sites === 'auto' ? near : rule.sites).filter(isServed)
    isLimited ||= isAuto && names.length > map.limit
    const served = skipsFirst && !isAuto && names.length > 1 ? names.slice(1) : names
    if (served.length > 0) return [{ area: rule.area, place: rule.place, names: served, isAuto }]
    noteEmpty(gdnsd, definition, rule)
    return []
  })
  if (skipsFirst && rules.some(({ isAuto }) => isAuto)) {
    const source = `geoip ${definition.name}: skip_first with auto_dc_coords`
    const why = 'windrose cannot pass over the nearest site'
    note(gdnsd.draft, 'changed', definition.place, { source, why, instead: 'the nearest site is served too' })
  }
  if (isLimited) {
    note(gdnsd.draft, 'changed', map.place, {
      source: `map ${map.name}: auto_dc_limit ${map.limit}`,
      why: `gdnsd tries the nearest ${map.limit} and no others; windrose goes on to the others when these are down`,
      instead: 'nothing: clients get a site that is up',
    })
  }
  return rules
}

function noteEmpty(gdnsd: Gdnsd, { name, place }: Definition, rule: MapRule): void {
  note(gdnsd.draft, 'changed', place, {
    source: `geoip ${name}: area ${rule.area}`,
    why: 'the resource has none of its datacenters, and windrose has no area whose clients get no answer',
    instead: 'its clients get what the area around it says',
  })
}

/** Datacenters that no area names serve nobody. */
function noteUnreached(
  { gdnsd, definition, map }: MapPlan,
  recipes: ReadonlyMap<string, Recipe>,
  listed: ReadonlySet<string>,
): void {
  for (const name of recipes.keys()) {
    if (listed.has(name)) continue
    const source = `geoip ${definition.name}: datacenter ${name}`
    const why = `no area of the map "${map.name}" leads to it`
    note(gdnsd.draft, 'left out', definition.place, {
      source,
      why,
      instead: 'nothing: gdnsd sends no client there either',
    })
  }
}

interface StepContext {
  readonly map: GeoMap
  readonly sites: ReadonlyMap<string, string>
  readonly shared: SharedAreas
  readonly draw: Recipe['draw']
}

function stepsFor(rules: readonly ServedRule[], { map, sites, shared, draw }: StepContext): readonly DraftStep[] {
  const [only] = rules
  if (rules.length === 1 && only !== undefined) {
    return only.isAuto ? ['nearest'] : [{ failover: only.names.map((name) => sites.get(name)!) }]
  }
  const areas = new Map(
    rules.map(({ area, place, names, isAuto }): [string, DraftArea] => {
      const listed = names.map((name) => sites.get(name)!)
      if (!isAuto) return [area, { place, sites: listed }]
      return [area, { place, sites: [listed], policy: draw === 'weighted' ? ['nearest', 'weighted'] : ['nearest'] }]
    }),
  )
  const key = JSON.stringify([map.name, [...areas]])
  const known = shared.get(key) ?? areas
  shared.set(key, known)
  return [{ geo: { areas: known, fence: true } }]
}
