import type { ClientClass } from './client-class.ts'

/** What places a client: a prefix trie whose leaves number the classes. Immutable; shared by all services that ask alike. */
export interface ClientMap {
  /** The words of a prefix trie (`findLeaf` of @windrose/ip). May lie on shared memory. */
  readonly trie: Uint32Array
  /** By class number; number 0 is UNPLACED. */
  readonly classes: readonly ClientClass[]
}

/**
 * The class number of special-purpose space (private, loopback, documentation) that no override names: such a client
 * is answered by its resolver's own place. It has no entry in `classes`.
 */
export const SPECIAL_CLASS: number = 0xffffff
