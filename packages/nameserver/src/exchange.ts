/**
 * One query and the place for its response, as a transport hands them to `respond`.
 *
 * A transport makes one exchange for each slot it receives into and uses it again for every packet, so that a query
 * makes no object. Octets of the packet from `length` on are never read.
 */
export class Exchange {
  /** The octets received; only the first `length` are the message. */
  packet: Uint8Array
  length = 0
  /** Where the response goes: at least 512 octets, and never the packet's own. Its length bounds the response. */
  readonly out: Uint8Array
  /** The source address, in the first 4 or in all 16 octets. */
  readonly source: Uint8Array = new Uint8Array(16)
  family: 4 | 6 = 4
  /** Over TCP nothing is truncated below 65,535 octets. */
  tcp = false

  constructor(packet: Uint8Array, out: Uint8Array) {
    this.packet = packet
    this.out = out
  }
}
