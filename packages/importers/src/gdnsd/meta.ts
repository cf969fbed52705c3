import { note } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import { DEFAULT_PANIC, type Draw, type PoolRecipe, type Recipe } from '../recipe.ts'
import { siteNamed } from '../site-name.ts'
import { type Definition, definitionKey, type Gdnsd, withDefaults } from './definition.ts'
import { hashOf } from './service-types.ts'
import { leaveOut, Settings } from './settings.ts'
import { textsOf, type VscfEntry, type VscfHash } from './vscf-value.ts'

/** The datacenters of a metafo or geoip resource, each with what it serves. */
export interface Datacenters {
  /** As `datacenters` of a metafo resource lists them; of geoip the map has the order. */
  readonly order: readonly string[]
  readonly skipsFirst: boolean
  readonly map: string | undefined
  /** By datacenter. */
  readonly recipes: ReadonlyMap<string, Recipe>
}

/** How the recipe of another resource is had: `undefined` where there is none, or it would need itself. */
export type RecipeOf = (definition: Definition) => Recipe | undefined

/**
 * What metafo and geoip have in common: `dcmap` with a resource for each datacenter, in one of gdnsd's six ways of writing
 * one, and keys that are handed down to those that have no name of their own.
 */
export function readDatacenters(gdnsd: Gdnsd, definition: Definition, recipeOf: RecipeOf): Datacenters {
  const { draft } = gdnsd
  const empty: VscfHash = { kind: 'hash', place: definition.place, entries: new Map() }
  const own = hashOf(draft, { key: definition.name, place: definition.place, value: definition.value }, 'a resource')
  const settings = new Settings(draft, withDefaults(own ?? empty, definition.defaults))
  const listed = settings.take('datacenters')
  const order = listed === undefined ? [] : (textsOf(listed.value) ?? []).map(({ text }) => text)
  const skipsFirst = settings.boolean('skip_first') ?? false
  const map = settings.text('map')
  const entries = hashOf(draft, settings.take('dcmap'), '"dcmap"')?.entries ?? new Map<string, VscfEntry>()
  const inherited = new Map(settings.rest().map((entry) => [entry.key, entry]))
  const recipes = new Map<string, Recipe>()
  for (const [name, entry] of entries) {
    const recipe = recipeOfDatacenter({ gdnsd, definition, inherited, recipeOf }, entry)
    if (recipe === undefined) continue
    recipes.set(name, recipe)
    gdnsd.parts.set(definitionKey(definition.plugin, `${definition.name}/${name}`), recipe)
  }
  return { order: [...new Set(order)], skipsFirst, map, recipes }
}

interface DatacenterContext {
  readonly gdnsd: Gdnsd
  readonly definition: Definition
  readonly inherited: ReadonlyMap<string, VscfEntry>
  readonly recipeOf: RecipeOf
}

function recipeOfDatacenter(context: DatacenterContext, entry: VscfEntry): Recipe | undefined {
  const { gdnsd, definition, inherited, recipeOf } = context
  const { value, place } = entry
  const outer = inherited.get('plugin')?.value
  const plugin = outer?.kind === 'text' ? outer.text : 'multifo'
  const defaults = new Map([...inherited].filter(([key]) => key !== 'plugin'))
  const name = `${definition.name}/${entry.key}`
  if (value.kind === 'text' && /^%|^!/.test(value.text)) return recipeOfReference(context, entry, plugin)
  if (value.kind === 'text') {
    const target = endpointTarget(value.text)
    if (target === undefined) {
      leaveOut(
        gdnsd.draft,
        entry,
        'an address, a name with its final dot, or %PLUGIN!RESOURCE is expected',
        'mend it in the source',
      )
      return undefined
    }
    if (target.form !== undefined) return recipeOf({ plugin: 'static', name, place, value, defaults: new Map() })
  }
  if (value.kind !== 'hash') return recipeOf({ plugin: 'multifo', name, place, value, defaults })
  const inner = value.entries.get('plugin')?.value
  const rest = { ...value, entries: new Map([...value.entries].filter(([key]) => key !== 'plugin')) }
  return recipeOf({ plugin: inner?.kind === 'text' ? inner.text : plugin, name, place, value: rest, defaults })
}

/** `%plugin!resource`, or `!resource` of the plugin that was handed down. */
function recipeOfReference(
  { gdnsd, recipeOf }: DatacenterContext,
  entry: VscfEntry,
  plugin: string,
): Recipe | undefined {
  const text = entry.value.kind === 'text' ? entry.value.text : ''
  const [, named = '', resource = ''] = /^%?([^!]*)!(.*)$/.exec(text) ?? []
  const key = definitionKey(named === '' ? plugin : named, resource)
  const definition = gdnsd.definitions.get(key)
  if (definition === undefined) {
    leaveOut(
      gdnsd.draft,
      entry,
      `there is no resource "${resource}" of the plugin ${named === '' ? plugin : named}`,
      'mend it in the source',
    )
    return undefined
  }
  const recipe = recipeOf(definition)
  if (recipe === undefined)
    leaveOut(gdnsd.draft, entry, 'nothing could be made of the resource', 'see what is said of it')
  else gdnsd.used.add(key)
  return recipe
}

/**
 * Pools of datacenters by site. The endpoints of a datacenter stand in the pool itself where they are drawn as the others
 * are; else the pool is a service of its own.
 */
export function poolsOf(
  recipes: ReadonlyMap<string, Recipe>,
  siteOf: (datacenter: string) => string,
): Pick<Recipe, 'draw' | 'panic'> & { readonly pools: ReadonlyMap<string, PoolRecipe> } {
  const plain = [...recipes.values()].filter(({ endpoints }) => endpoints !== undefined && endpoints.length > 1)
  const model = plain[0] ?? [...recipes.values()].find(({ endpoints }) => endpoints !== undefined)
  const draw: Draw = model?.draw ?? 'all'
  const panic = model?.panic ?? DEFAULT_PANIC
  const pools = new Map<string, PoolRecipe>()
  for (const [datacenter, recipe] of recipes) {
    const { endpoints = [] } = recipe
    // One endpoint alone is drawn in any way.
    const isAlike = endpoints.length === 1 || (recipe.draw === draw && recipe.panic === panic)
    if (endpoints.length > 0 && isAlike) pools.set(siteOf(datacenter), { kind: 'endpoints', endpoints })
    else pools.set(siteOf(datacenter), { kind: 'recipe', recipe })
  }
  return { draw, panic, pools }
}

/** A metafo resource: datacenters in a fixed order. */
export function importMetafo(gdnsd: Gdnsd, definition: Definition, recipeOf: RecipeOf): Recipe | undefined {
  const { order, skipsFirst, recipes } = readDatacenters(gdnsd, definition, recipeOf)
  const known = order.filter((name) => recipes.has(name))
  for (const name of order.filter((other) => !recipes.has(other))) {
    const source = `metafo ${definition.name}: datacenter ${name}`
    note(gdnsd.draft, 'left out', definition.place, {
      source,
      why: 'dcmap has nothing for it',
      instead: 'mend it in the source',
    })
  }
  for (const name of recipes.keys()) {
    if (order.includes(name)) continue
    const source = `metafo ${definition.name}: datacenter ${name}`
    note(gdnsd.draft, 'left out', definition.place, {
      source,
      why: '"datacenters" does not list it',
      instead: 'mend it in the source',
    })
  }
  const served = skipsFirst && known.length > 1 ? known.slice(1) : known
  if (served.length === 0) return undefined
  const chosen = new Map(served.map((name) => [name, recipes.get(name)!]))
  const sites = new Map(served.map((name) => [name, siteNamed(gdnsd.draft, name)]))
  return {
    place: definition.place,
    title: `metafo resource "${definition.name}"`,
    steps: [{ failover: [...sites.values()] }],
    missingFamily: 'same_site',
    ...poolsOf(chosen, (name) => sites.get(name)!),
  }
}
