import type { Draft } from '../draft.ts'
import { type Definition, definitionKey } from './definition.ts'
import { hashOf } from './service-types.ts'
import { leaveOut, Settings } from './settings.ts'
import type { VscfEntry, VscfHash } from './vscf-value.ts'

/** Keys of a plugin that hold for all of its resources; every other key is a resource. */
const PLUGIN_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['multifo', ['up_thresh', 'service_types', 'ignore_health']],
  ['weighted', ['up_thresh', 'service_types', 'multi']],
  ['simplefo', ['service_types']],
  ['static', []],
])

/** All resources of `plugins`, by `plugin!name`, and the maps of geoip. */
export function readDefinitions(
  draft: Draft,
  plugins: VscfHash | undefined,
): { definitions: Map<string, Definition>; maps: VscfHash | undefined } {
  const definitions = new Map<string, Definition>()
  let maps: VscfHash | undefined
  const add = (plugin: string, entry: VscfEntry, defaults: ReadonlyMap<string, VscfEntry>): void => {
    const { key: name, place, value } = entry
    definitions.set(definitionKey(plugin, name), { plugin, name, place, value, defaults })
  }
  for (const entry of plugins?.entries.values() ?? []) {
    const plugin = entry.key
    const hash = hashOf(draft, entry, `the plugin ${plugin}`)
    if (hash === undefined) continue
    const keys = PLUGIN_KEYS.get(plugin)
    if (keys !== undefined) {
      const defaults = new Map([...hash.entries].filter(([key]) => keys.includes(key)))
      for (const inner of hash.entries.values()) if (!keys.includes(inner.key)) add(plugin, inner, defaults)
    } else if (plugin === 'metafo' || plugin === 'geoip') {
      const settings = new Settings(draft, hash)
      if (plugin === 'geoip') maps = hashOf(draft, settings.take('maps'), '"maps"')
      settings.take('undefined_datacenters_ok')
      const resources = hashOf(draft, settings.take('resources'), '"resources"')
      const defaults = new Map(settings.rest().map((inner) => [inner.key, inner]))
      for (const inner of resources?.entries.values() ?? []) add(plugin, inner, defaults)
    } else if (hash.entries.size > 0) {
      for (const inner of hash.entries.values()) leaveOut(draft, inner, ...whyNot(plugin))
    }
  }
  return { definitions, maps }
}

function whyNot(plugin: string): [why: string, instead: string] {
  if (plugin === 'extmon') {
    return ['commands are started by the agent itself, without a process in between', 'nothing']
  }
  const known = ['reflect', 'null', 'extfile', 'http_status', 'tcp_connect'].includes(plugin)
  return [
    known ? `the plugin ${plugin} has no keys` : `the plugin ${plugin} is not known`,
    'nothing, or set it up by hand',
  ]
}
