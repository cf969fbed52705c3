import { BATCH_MAX } from '@windrose/nameserver'
import { SOCKADDR_OCTETS } from './socket-address.ts'

/**
 * One worker's memory for batches: everything that recvmmsg and sendmmsg read and write, in one SharedArrayBuffer, so
 * that addresses are stable and the main thread can still read the batch of a worker that died.
 *
 *   headers (struct mmsghdr)      a line of the processor's cache for each slot
 *   sides                         two lines: the iovec and the peer's address; control data
 *   scratch                       poll's descriptors
 *   packets
 *
 * A response is made in the packet of its query and sent with the same header, to the address and with the control data
 * that the kernel left there: what is touched for a query is as little as can be.
 */
export const BATCH: number = BATCH_MAX

/** struct mmsghdr and the offsets in it, on 64-bit Linux. */
const MMSGHDR_OCTETS = 64
export const MSG_NAME = 0
export const MSG_NAMELEN = 8
const MSG_IOV = 16
const MSG_IOVLEN = 24
const MSG_CONTROL = 32
export const MSG_CONTROLLEN = 40
const MSG_FLAGS = 48
export const MSG_LEN = 56

/** Offset of the length in struct iovec. */
export const IOV_LEN = 8

const SIDE_OCTETS = 128
const SIDE_NAME = 16
const SIDE_CONTROL = 64
/** IPV6_PKTINFO takes 40, IP_PKTINFO 32. */
export const CONTROL_OCTETS: number = SIDE_OCTETS - SIDE_CONTROL

const HEADERS = 0
const SIDES: number = HEADERS + BATCH * MMSGHDR_OCTETS
const SCRATCH: number = SIDES + BATCH * SIDE_OCTETS
const PACKETS: number = SCRATCH + 4096
/** Room for what fits into an Ethernet frame. */
const PACKET_LEAST = 1536

/**
 * Octets of each packet's room, for a server that offers to take and gives responses of `payload` octets (EDNS). Longer
 * queries are cut by the kernel and answered as malformed.
 */
export function packetRoom(payload: number): number {
  return Math.max(PACKET_LEAST, (payload + 127) & ~127)
}

/**
 * From one packet to the next: its room, which is a multiple of two lines of the cache, and one line more. At a distance of
 * many lines that is even, the starts of all packets, which are what is read, would fight for a few places in the cache.
 */
function strideOf(room: number): number {
  return room + 64
}

/** Octets of an arena whose packets have so much room. */
export function arenaOctets(room: number): number {
  return PACKETS + BATCH * strideOf(room)
}

export class Arena {
  readonly octets: Uint8Array
  readonly view: DataView
  readonly base: bigint
  /** Octets of each packet's room. */
  readonly room: number

  /** `memory` has `arenaOctets(room)`. */
  constructor(memory: SharedArrayBuffer, room: number, addressOf: (octets: Uint8Array) => bigint) {
    this.room = room
    this.octets = new Uint8Array(memory)
    this.view = new DataView(memory)
    this.base = addressOf(this.octets)
    for (let slot = 0; slot < BATCH; slot++) this.#layOut(slot)
    this.makeRoom(BATCH)
  }

  /** Offset of the slot's struct mmsghdr; those of the slots that follow stand behind it. */
  header(slot: number): number {
    return HEADERS + slot * MMSGHDR_OCTETS
  }

  /** Offset of the slot's struct iovec. */
  iovec(slot: number): number {
    return SIDES + slot * SIDE_OCTETS
  }

  /** Offset of the peer's address, a struct sockaddr. */
  name(slot: number): number {
    return SIDES + slot * SIDE_OCTETS + SIDE_NAME
  }

  /** Offset of the slot's control data. */
  control(slot: number): number {
    return SIDES + slot * SIDE_OCTETS + SIDE_CONTROL
  }

  /** Offset of the slot's packet. */
  packetStart(slot: number): number {
    return PACKETS + slot * strideOf(this.room)
  }

  packet(slot: number): Uint8Array {
    const start = this.packetStart(slot)
    return this.octets.subarray(start, start + this.room)
  }

  /** Offset of octets that any single call may use for its arguments. */
  get scratch(): number {
    return SCRATCH
  }

  address(offset: number): bigint {
    return this.base + BigInt(offset)
  }

  /** Makes the first `count` slots ready to receive: their headers say what was received or sent last. */
  makeRoom(count: number): void {
    const { view } = this
    for (let slot = 0; slot < count; slot++) {
      const header = HEADERS + slot * MMSGHDR_OCTETS
      view.setUint32(header + MSG_NAMELEN, SOCKADDR_OCTETS, true)
      view.setUint32(header + MSG_CONTROLLEN, CONTROL_OCTETS, true)
      view.setUint32(header + MSG_FLAGS, 0, true)
      view.setUint32(SIDES + slot * SIDE_OCTETS + IOV_LEN, this.room, true)
    }
  }

  /** Points the slot's header at its parts; these never move. */
  #layOut(slot: number): void {
    const { view } = this
    const header = this.header(slot)
    view.setBigUint64(this.iovec(slot), this.address(this.packetStart(slot)), true)
    view.setBigUint64(header + MSG_NAME, this.address(this.name(slot)), true)
    view.setBigUint64(header + MSG_IOV, this.address(this.iovec(slot)), true)
    view.setBigUint64(header + MSG_IOVLEN, 1n, true)
    view.setBigUint64(header + MSG_CONTROL, this.address(this.control(slot)), true)
  }
}

/** The packets of the slots from `first` up to `end`, as a worker that died has left them: for the log. */
export function heldPackets(memory: SharedArrayBuffer, room: number, first: number, end: number): Uint8Array[] {
  const view = new DataView(memory)
  const octets = new Uint8Array(memory)
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => {
    const length = view.getUint32(HEADERS + (first + i) * MMSGHDR_OCTETS + MSG_LEN, true)
    const start = PACKETS + (first + i) * strideOf(room)
    return octets.slice(start, start + Math.min(room, length))
  })
}
