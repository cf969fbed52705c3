import type { MessagePort } from 'node:worker_threads'
import type { Snapshot } from '@windrose/nameserver'
import type { UdpSocket } from '../transport/udp-socket.ts'

/** An address to listen on; port 0 lets the kernel choose. */
export interface ListenAddress {
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
}

/** What every answering thread is given when it starts. */
export interface ThreadData {
  readonly name: string
  readonly snapshot: Snapshot
  /** WORKER_CELLS words, shared with the main thread. */
  readonly cells: Int32Array
  /** COUNTER_CELLS counters, read by the main thread. */
  readonly counters: Float64Array
  /** Where answers are counted by pool of the snapshot, read by the main thread. */
  readonly load: Float64Array
  /** Snapshots arrive here. */
  readonly port: MessagePort
}

/** A thread of batched UDP: it answers on sockets that the main thread owns. */
export interface MmsgThreadData extends ThreadData {
  readonly sockets: readonly UdpSocket[]
  readonly arena: SharedArrayBuffer
  /** Octets of each packet's room in the arena. */
  readonly room: number
}

/** A thread that opens its own sockets: UDP on node:dgram, and TCP. */
export interface ListeningThreadData extends ThreadData {
  readonly listen: readonly ListenAddress[]
  readonly tcp: TcpLimits
}

export interface TcpLimits {
  /** Above it, the connection that has been quiet the longest is closed. */
  readonly maxConnections: number
  /** A connection without a whole query for this long is closed; clients are told (RFC 7828). */
  readonly idleTimeoutMs: number
}

/** What a listening thread says once: the addresses it is bound to, or why it is not. */
export type ListenOutcome =
  | { readonly kind: 'listening'; readonly addresses: readonly ListenAddress[] }
  | { readonly kind: 'refused'; readonly address: ListenAddress; readonly code: string; readonly message: string }

/** What arrives on a thread's port. */
export interface SnapshotMessage {
  readonly version: number
  readonly snapshot: Snapshot
  readonly load: Float64Array
}
