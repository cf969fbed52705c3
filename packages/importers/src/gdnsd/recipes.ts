import { atSite } from '../add-service.ts'
import { note } from '../draft.ts'
import type { Recipe } from '../recipe.ts'
import { siteNamed } from '../site-name.ts'
import { type Definition, definitionKey, type Gdnsd } from './definition.ts'
import { importGeoip, type SharedAreas } from './geoip.ts'
import { importMetafo } from './meta.ts'
import { importMultifo } from './multifo.ts'
import { importNull, importSimplefo, importStatic } from './small-resources.ts'
import { importWeighted } from './weighted.ts'

/** The recipes of all resources, each made once. */
export interface Recipes {
  /** By plugin and resource; `plugin/datacenter` of metafo and geoip too. */
  readonly of: (plugin: string, name: string) => Recipe | undefined
  /** Of all resources that have a name, by `plugin!name`. */
  readonly all: () => ReadonlyMap<string, Recipe>
}

export function createRecipes(gdnsd: Gdnsd): Recipes {
  const { draft, definitions } = gdnsd
  const known = new Map<string, Recipe | undefined>()
  const open: string[] = []
  const shared: SharedAreas = new Map()

  function recipeOf(definition: Definition): Recipe | undefined {
    const key = definitionKey(definition.plugin, definition.name)
    if (known.has(key)) return known.get(key)
    if (open.includes(key)) {
      const instead = 'mend it in the source'
      note(draft, 'left out', definition.place, { source: key, why: 'the resource leads back to itself', instead })
      return undefined
    }
    open.push(key)
    const recipe = make(definition)
    open.pop()
    known.set(key, recipe)
    return recipe
  }

  function make(definition: Definition): Recipe | undefined {
    switch (definition.plugin) {
      case 'multifo':
        return importMultifo(gdnsd, definition)
      case 'weighted':
        return importWeighted(gdnsd, definition)
      case 'simplefo':
        return importSimplefo(gdnsd, definition)
      case 'static':
        return importStatic(gdnsd, definition)
      case 'null':
        return importNull(definition)
      case 'metafo':
        return importMetafo(gdnsd, definition, recipeOf)
      case 'geoip':
        return importGeoip(gdnsd, definition, { recipeOf, shared })
      default: {
        const source = definitionKey(definition.plugin, definition.name)
        const why = `no resource of the plugin ${definition.plugin} can be answered with`
        note(draft, 'left out', definition.place, { source, why, instead: 'mend it in the source' })
        return undefined
      }
    }
  }

  function of(plugin: string, name: string): Recipe | undefined {
    if (plugin === 'null') return recipeOf(NULL)
    const definition = definitions.get(definitionKey(plugin, name))
    if (definition !== undefined) return recipeOf(definition)
    // `resource/datacenter`: this one alone, whatever its state.
    const slash = name.lastIndexOf('/')
    const whole = slash < 0 ? undefined : definitions.get(definitionKey(plugin, name.slice(0, slash)))
    if (whole !== undefined) recipeOf(whole)
    const part = gdnsd.parts.get(definitionKey(plugin, name))
    return part === undefined ? undefined : atSite(part, siteNamed(draft, name.slice(slash + 1)))
  }

  function all(): Map<string, Recipe> {
    const recipes = new Map<string, Recipe>()
    for (const [key, definition] of definitions) {
      const recipe = recipeOf(definition)
      if (recipe !== undefined) recipes.set(key, recipe)
    }
    return recipes
  }

  return { of, all }
}

const NOWHERE = { file: 'gdnsd', line: 1, column: 1 }
/** The plugin has no resources: it is one. */
const NULL: Definition = {
  plugin: 'null',
  name: '',
  place: NOWHERE,
  value: { kind: 'text', text: '', place: NOWHERE },
  defaults: new Map(),
}
