import type { ClientClass } from './client-class.ts'

/** What places a client: a prefix trie whose leaves number the classes. Immutable; shared by all services that ask alike. */
export interface ClientMap {
  /** The words of a prefix trie (`findLeaf` of @windrose/ip). May lie on shared memory. */
  readonly trie: Uint32Array
  /** By class number; number 0 is UNPLACED. */
  readonly classes: readonly ClientClass[]
  /** What capacity asks of clients; only where it does. */
  readonly costs?: ClassCosts
}

/** How far classes are from sites, and how many addresses they have. May lie on shared memory. */
export interface ClassCosts {
  /** Site indexes: the columns of `km`. */
  readonly sites: readonly number[]
  /** By class, then by column: the mean great-circle distance in kilometres. NaN where nobody knows where the class is. */
  readonly km: Float32Array
  /** By class: /24s of IPv4. What is smaller counts as its part of one. */
  readonly blocks4: Float64Array
  /** By class: /48s of IPv6. */
  readonly blocks6: Float64Array
}

/**
 * The class number of special-purpose space (private, loopback, documentation) that no override names: such a client
 * is answered by its resolver's own place. It has no entry in `classes`.
 */
export const SPECIAL_CLASS: number = 0xffffff
