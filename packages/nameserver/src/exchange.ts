import { Query } from './query.ts'

/**
 * One query and the place for its response, as a transport hands them to `respond`.
 *
 * A transport makes one exchange and uses it again for every packet, so that a query makes no object and what is written
 * for it stays in the processor's nearest cache. Octets of the packet from `length` on are never read.
 */
export class Exchange {
  /** The octets received; only the first `length` are the message. */
  packet: Uint8Array
  /** The same octets, for reading several at once. */
  packetView: DataView
  length = 0
  /**
   * Where the response goes: at least 512 octets. Its length bounds the response. It may be the packet's own octets: the
   * response is then made in place, and nothing behind the question is read once records are written.
   */
  out: Uint8Array
  outView: DataView
  /** The source address, in the first 4 or in all 16 octets. */
  readonly source: Uint8Array = new Uint8Array(16)
  family: 4 | 6 = 4
  /** Over TCP nothing is truncated below 65,535 octets. */
  tcp = false
  /** What the packet asks, once it is parsed. */
  readonly query: Query = new Query()

  constructor(packet: Uint8Array, out: Uint8Array) {
    this.packet = packet
    this.packetView = viewOf(packet)
    this.out = out
    this.outView = viewOf(out)
  }

  /** Takes a packet that is a message from end to end. */
  take(packet: Uint8Array): void {
    this.packet = packet
    this.packetView = viewOf(packet)
    this.length = packet.length
  }

  /** Takes a packet whose response is made in its own octets, and makes no object for it. */
  takeInPlace(packet: Uint8Array, view: DataView, length: number): void {
    this.packet = packet
    this.packetView = view
    this.out = packet
    this.outView = view
    this.length = length
  }
}

/** An array's octets as a view. */
export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
}
