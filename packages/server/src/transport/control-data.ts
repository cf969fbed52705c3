import * as linux from './linux.ts'

/**
 * Control data of one datagram: what the kernel tells about it (struct cmsghdr: length 8, level 4, type 4, data), and
 * what a reply tells the kernel.
 */

/** What control data said. One a loop, overwritten by each datagram. */
export class ControlFacts {
  /** Datagrams dropped by this socket so far because its buffer was full; -1 when not told. */
  drops = -1
  /** Offset of the packet info's data, or -1. */
  packetInfo = -1
}

const CMSG_HEAD = 16

/** Reads the control data at `start`, `length` octets of it. */
export function readControl(view: DataView, start: number, length: number, facts: ControlFacts): void {
  facts.drops = -1
  facts.packetInfo = -1
  let at = start
  const end = start + length
  while (at + CMSG_HEAD <= end) {
    const size = view.getUint32(at, true)
    if (size < CMSG_HEAD || at + size > end) return
    const level = view.getInt32(at + 8, true)
    const type = view.getInt32(at + 12, true)
    if (level === linux.SOL_SOCKET && type === linux.SO_RXQ_OVFL) facts.drops = view.getUint32(at + CMSG_HEAD, true)
    if (level === linux.IPPROTO_IP && type === linux.IP_PKTINFO) facts.packetInfo = at + CMSG_HEAD
    if (level === linux.IPPROTO_IPV6 && type === linux.IPV6_PKTINFO) facts.packetInfo = at + CMSG_HEAD
    at += (size + 7) & ~7
  }
}

/**
 * Turns the packet info of a query, with data at `packetInfo`, into that of its reply, at `start`: it leaves from the
 * address that was asked. The kernel chooses the interface, but for IPv6 link-local addresses, which mean nothing
 * without theirs. Returns the octets of control data to send.
 */
export function composeReplyInfo(octets: Uint8Array, view: DataView, start: number, info: ReplyInfo): number {
  const { packetInfo, family } = info
  if (family === 4) {
    // struct in_pktinfo: interface 4, local address of the packet 4, destination in the header 4.
    const local = view.getUint32(packetInfo + 4, true)
    octets.fill(0, start, start + 32)
    composeHead(view, start, CMSG_HEAD + 12, [linux.IPPROTO_IP, linux.IP_PKTINFO])
    view.setUint32(start + CMSG_HEAD + 4, local, true)
    return 32
  }
  // struct in6_pktinfo: address 16, interface 4.
  const isLinkLocal = octets[packetInfo] === 0xfe && (octets[packetInfo + 1]! & 0xc0) === 0x80
  const networkInterface = isLinkLocal ? view.getUint32(packetInfo + 16, true) : 0
  octets.copyWithin(start + CMSG_HEAD, packetInfo, packetInfo + 16)
  composeHead(view, start, CMSG_HEAD + 20, [linux.IPPROTO_IPV6, linux.IPV6_PKTINFO])
  view.setUint32(start + CMSG_HEAD + 16, networkInterface, true)
  view.setUint32(start + CMSG_HEAD + 20, 0, true)
  return 40
}

export interface ReplyInfo {
  readonly packetInfo: number
  readonly family: 4 | 6
}

function composeHead(view: DataView, start: number, size: number, kind: readonly [number, number]): void {
  view.setBigUint64(start, BigInt(size), true)
  view.setInt32(start + 8, kind[0], true)
  view.setInt32(start + 12, kind[1], true)
}
