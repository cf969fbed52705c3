/** Packets as a transport received them together, in one run of octets. */
export interface PacketBatch {
  readonly octets: Uint8Array
  readonly view: DataView
  readonly count: number
  readonly family: 4 | 6
  /** By packet: where it begins, how many octets it has, and where the address stands that it came from. */
  readonly starts: Int32Array
  readonly lengths: Int32Array
  readonly sources: Int32Array
}

/** Most packets of a batch. */
export const BATCH_MAX = 64

/** What `anticipate` has found out, by packet. One a thread, overwritten by each batch. */
export class Foresight {
  /** Where the next thing to read is: a hash, a service, an entry of a trie, a body. */
  readonly next: Int32Array = new Int32Array(BATCH_MAX)
  /** The client map whose trie comes next, or below 0 what comes instead. */
  readonly tries: Int32Array = new Int32Array(BATCH_MAX)
  /** Where the client's address stands, and its family. */
  readonly clients: Int32Array = new Int32Array(BATCH_MAX)
  readonly families: Int32Array = new Int32Array(BATCH_MAX)
  /** Something of all that was read: so the reading has a result. */
  touched = 0
}
