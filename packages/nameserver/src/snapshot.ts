import type { ClientMap, HealthTable, Service } from '@windrose/steering'
import type { ZoneImage } from '@windrose/zone'
import type { BodyImage } from './body-image.ts'
import type { Settings } from './settings.ts'

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
  /** By service: moves when the service's variants or TTL may have changed. On shared memory. */
  readonly epochs: Int32Array
  /** The addresses of names outside our zones that services answer with, by the key of the name. */
  readonly aliases: ReadonlyMap<string, AliasAddresses>
  readonly settings: Settings
}
