import { BATCH_MAX } from '@windrose/nameserver'
import { SOCKADDR_OCTETS } from './socket-address.ts'

/**
 * One worker's memory for batches: everything that recvmmsg and sendmmsg read and write, in one SharedArrayBuffer, so
 * that addresses are stable and the main thread can still read the batch of a worker that died.
 *
 *   receive headers | send headers | receive iovecs | send iovecs | names | control data | packets
 *
 * Slot i of every part belongs together: a response is made in the packet of its query, and sent to the name, with the
 * control data, of it.
 */
export const BATCH: number = BATCH_MAX

/**
 * Room for a query and for its response. Longer queries are cut by the kernel and answered as malformed; no response is
 * longer, since config bounds `server.edns_payload` to it.
 */
export const PACKET_OCTETS = 4096

/** struct mmsghdr and the offsets in it, on 64-bit Linux. */
export const MMSGHDR_OCTETS = 64
export const MSG_NAMELEN = 8
export const MSG_CONTROLLEN = 40
export const MSG_FLAGS = 48
export const MSG_LEN = 56

/**
 * From one packet to the next: a line of the processor's cache more than its room. At a distance of whole pages the
 * starts of all packets, which are what is read, would fight for the same few lines of the first-level cache.
 */
const PACKET_STRIDE: number = PACKET_OCTETS + 64
const IOVEC_OCTETS = 16
const NAME_STRIDE = 32
/** IPV6_PKTINFO (40) and SO_RXQ_OVFL (24), and room. */
export const CONTROL_OCTETS = 128

const RECEIVE_HEADERS = 0
const SEND_HEADERS: number = RECEIVE_HEADERS + BATCH * MMSGHDR_OCTETS
const RECEIVE_IOVECS: number = SEND_HEADERS + BATCH * MMSGHDR_OCTETS
const SEND_IOVECS: number = RECEIVE_IOVECS + BATCH * IOVEC_OCTETS
const NAMES: number = SEND_IOVECS + BATCH * IOVEC_OCTETS
const CONTROLS: number = NAMES + BATCH * NAME_STRIDE
const PACKETS: number = CONTROLS + BATCH * CONTROL_OCTETS
/** Room for poll's descriptors and other small arguments. */
const SCRATCH: number = PACKETS + BATCH * PACKET_STRIDE
export const ARENA_OCTETS: number = SCRATCH + 4096

export class Arena {
  readonly octets: Uint8Array
  readonly view: DataView
  readonly base: bigint

  constructor(memory: SharedArrayBuffer, addressOf: (octets: Uint8Array) => bigint) {
    this.octets = new Uint8Array(memory)
    this.view = new DataView(memory)
    this.base = addressOf(this.octets)
    for (let slot = 0; slot < BATCH; slot++) this.#layOut(slot)
  }

  receiveHeader(slot: number): number {
    return RECEIVE_HEADERS + slot * MMSGHDR_OCTETS
  }

  sendHeader(slot: number): number {
    return SEND_HEADERS + slot * MMSGHDR_OCTETS
  }

  sendIovec(slot: number): number {
    return SEND_IOVECS + slot * IOVEC_OCTETS
  }

  name(slot: number): number {
    return NAMES + slot * NAME_STRIDE
  }

  control(slot: number): number {
    return CONTROLS + slot * CONTROL_OCTETS
  }

  /** Offset of the slot's packet. */
  packetStart(slot: number): number {
    return PACKETS + slot * PACKET_STRIDE
  }

  packet(slot: number): Uint8Array {
    const start = this.packetStart(slot)
    return this.octets.subarray(start, start + PACKET_OCTETS)
  }

  /** Offset of octets that any single call may use for its arguments. */
  get scratch(): number {
    return SCRATCH
  }

  address(offset: number): bigint {
    return this.base + BigInt(offset)
  }

  /** The kernel overwrote the headers of the first `count` slots with what it found: the next receive needs the room. */
  resetReceived(count: number): void {
    const { view } = this
    for (let slot = 0; slot < count; slot++) {
      const header = RECEIVE_HEADERS + slot * MMSGHDR_OCTETS
      view.setUint32(header + MSG_NAMELEN, SOCKADDR_OCTETS, true)
      view.setUint32(header + MSG_CONTROLLEN, CONTROL_OCTETS, true)
      view.setUint32(header + MSG_FLAGS, 0, true)
    }
  }

  /** Points the slot's headers at its name, iovecs and control data; these never move. */
  #layOut(slot: number): void {
    const { view } = this
    const receiveIovec = RECEIVE_IOVECS + slot * IOVEC_OCTETS
    view.setBigUint64(receiveIovec, this.address(this.packetStart(slot)), true)
    view.setBigUint64(receiveIovec + 8, BigInt(PACKET_OCTETS), true)
    view.setBigUint64(this.sendIovec(slot), this.address(this.packetStart(slot)), true)
    for (const [header, iovec] of [
      [this.receiveHeader(slot), receiveIovec],
      [this.sendHeader(slot), this.sendIovec(slot)],
    ] as const) {
      view.setBigUint64(header, this.address(this.name(slot)), true)
      view.setUint32(header + MSG_NAMELEN, SOCKADDR_OCTETS, true)
      view.setBigUint64(header + 16, this.address(iovec), true)
      view.setBigUint64(header + 24, 1n, true)
      view.setBigUint64(header + 32, this.address(this.control(slot)), true)
      view.setBigUint64(header + MSG_CONTROLLEN, 0n, true)
    }
  }
}

/** Length octets of a packet a dead worker was holding: for the log of the main thread. */
export function heldPackets(memory: SharedArrayBuffer, count: number): Uint8Array[] {
  const view = new DataView(memory)
  const octets = new Uint8Array(memory)
  return Array.from({ length: count }, (_, slot) => {
    const length = Math.min(PACKET_OCTETS, view.getUint32(RECEIVE_HEADERS + slot * MMSGHDR_OCTETS + MSG_LEN, true))
    const start = PACKETS + slot * PACKET_STRIDE
    return octets.slice(start, start + length)
  })
}
