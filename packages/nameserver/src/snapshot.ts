import type { ClientMap, HealthTable, KeyLengths, Service } from '@windrose/steering'
import type { ZoneImage } from '@windrose/zone'
import type { BodyImage } from './body-image.ts'
import type { Settings } from './settings.ts'

/** Where the clients of a service are sent because sites are full; its epoch moves when the shares do. */
export interface ServicePlacement {
  readonly pools: number
  /** Class times pools plus pool: parts of WHOLE. On shared memory. */
  readonly shares: Uint16Array
  /** By class: how much of a client's address decides where it goes. */
  readonly keyLengths: readonly KeyLengths[]
  /** By class: its `classKey`. */
  readonly keys: readonly string[]
}

/** What a name outside our zones was last resolved to. */
export interface AliasAddresses {
  readonly ipv4: readonly Uint8Array[]
  readonly ipv6: readonly Uint8Array[]
  /** Seconds for which an answer may be kept. */
  readonly ttl: number
}

/** Everything one query may read. Immutable but for the health table, whose changes move the epochs; swapped whole. */
export interface Snapshot {
  readonly zones: ZoneImage
  /** The static responses, composed once for `zones`. */
  readonly bodies: BodyImage
  readonly services: readonly Service[]
  readonly maps: readonly ClientMap[]
  readonly health: HealthTable
  /** By service: where capacity sends its clients; undefined where it does not ask for that. */
  readonly placements: readonly (ServicePlacement | undefined)[]
  /** By service: moves when the service's variants or TTL may have changed. On shared memory. */
  readonly epochs: Int32Array
  /** The addresses of names outside our zones that services answer with, by the key of the name. */
  readonly aliases: ReadonlyMap<string, AliasAddresses>
  readonly settings: Settings
}
