import type { ClientMap, HealthTable, Service } from '@windrose/steering'
import type { ZoneImage } from '@windrose/zone'
import type { BodyImage } from './body-image.ts'
import type { Settings } from './settings.ts'

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
  readonly settings: Settings
}
