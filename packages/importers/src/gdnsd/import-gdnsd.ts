import { basename, join } from 'node:path'
import { addService, type MadeServices } from '../add-service.ts'
import { newDraft, note } from '../draft.ts'
import { finishDraft, type ImportResult, unreadable } from '../import-result.ts'
import type { Recipe } from '../recipe.ts'
import type { SourceFiles } from '../source-files.ts'
import { definitionKey, type Gdnsd } from './definition.ts'
import { readDefinitions } from './definitions.ts'
import { importGeoMaps } from './geo-map.ts'
import { importOptions } from './import-options.ts'
import { importZones } from './import-zones.ts'
import { orderSites } from './order-sites.ts'
import { isVscfFault, readVscf } from './read-vscf.ts'
import { createRecipes } from './recipes.ts'
import { hashOf, importServiceTypes } from './service-types.ts'
import { setDatabases } from './set-databases.ts'
import { Settings } from './settings.ts'

/**
 * A gdnsd configuration (version 3) as one of windrose. `input` is its folder, or the file `config` in it.
 *
 * Datacenters become sites, resources services, service types checks, and zones lose their DYNA and DYNC records to `steer`.
 */
export function importGdnsd(files: SourceFiles, input: string, databases: readonly string[] = []): ImportResult {
  const draft = newDraft('gdnsd', databases)
  const isFolder = files.list(input) !== undefined
  const folder = isFolder ? input : join(input, '..')
  const path = isFolder ? join(input, 'config') : input
  const root = readVscf(files, path)
  if (isVscfFault(root) || root.kind === 'list') {
    const fault = isVscfFault(root) ? root : { place: root.place, message: 'the configuration is a list' }
    const instead = 'give the folder with the file "config", or that file'
    note(draft, 'unreadable', fault.place, { source: basename(path), why: fault.message, instead })
    return unreadable(draft)
  }
  const top = new Settings(draft, root)
  const options = importOptions(draft, hashOf(draft, top.take('options'), '"options"'))
  const types = importServiceTypes(draft, hashOf(draft, top.take('service_types'), '"service_types"'))
  const plugins = hashOf(draft, top.take('plugins'), '"plugins"')
  top.refuseRest('the configuration')
  const { definitions, maps: mapHash } = readDefinitions(draft, plugins)
  const maps = importGeoMaps({ draft, files, folder: join(folder, 'geoip') }, mapHash)
  setDatabases({ draft, files }, maps)
  orderSites(draft, maps)
  const gdnsd: Gdnsd = { draft, files, types, maps, definitions, parts: new Map(), used: new Set() }
  const recipes = createRecipes(gdnsd)
  const made: MadeServices = new Map()
  importZones(gdnsd, { folder: join(folder, 'zones'), options, recipes, made })
  addUnused(gdnsd, recipes.all(), made)
  return finishDraft(draft)
}

/** Resources that no zone names have no effect; they are taken over, so that nothing is lost. */
function addUnused(
  { draft, definitions, used }: Gdnsd,
  recipes: ReadonlyMap<string, Recipe>,
  made: MadeServices,
): void {
  for (const { plugin, name } of definitions.values()) {
    const key = definitionKey(plugin, name)
    const recipe = recipes.get(key)
    if (!used.has(key) && recipe !== undefined) addService(draft, made, { recipe, name })
  }
}
