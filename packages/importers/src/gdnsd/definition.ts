import type { Place } from '@windrose/dns'
import type { Draft } from '../draft.ts'
import type { Recipe } from '../recipe.ts'
import type { SourceFiles } from '../source-files.ts'
import type { GeoMaps } from './geo-map.ts'
import type { ServiceTypes } from './service-types.ts'
import type { VscfEntry, VscfHash, VscfValue } from './vscf-value.ts'

/** A resource that zones may name as `plugin!name`, before anything is made of it. */
export interface Definition {
  readonly plugin: string
  readonly name: string
  readonly place: Place
  readonly value: VscfValue
  /** Keys of the plugin, or of a resource above, that hold where the value does not say otherwise. */
  readonly defaults: ReadonlyMap<string, VscfEntry>
}

/** What is read once for all resources. */
export interface Gdnsd {
  readonly draft: Draft
  readonly files: SourceFiles
  readonly types: ServiceTypes
  readonly maps: GeoMaps
  /** By `plugin!name`. */
  readonly definitions: ReadonlyMap<string, Definition>
  /** Of single datacenters, by `plugin!resource/datacenter`. */
  readonly parts: Map<string, Recipe>
  /** Those that a service was made of, or that went into the pools of another. */
  readonly used: Set<string>
}

/** A hash with defaults under it. */
export function withDefaults(hash: VscfHash, defaults: ReadonlyMap<string, VscfEntry>): VscfHash {
  return { ...hash, entries: new Map([...defaults, ...hash.entries]) }
}

/** `multifo!web`. */
export function definitionKey(plugin: string, name: string): string {
  return `${plugin}!${name}`
}
