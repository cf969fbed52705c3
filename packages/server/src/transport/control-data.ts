import * as linux from './linux.ts'

/**
 * Control data of one datagram: what the kernel tells about it (struct cmsghdr: length 8, level 4, type 4, data), and
 * what a reply tells the kernel.
 */

const CMSG_HEAD = 16

/** Offset of the packet info's data in the control data at `start`, `length` octets of it; -1 when there is none. */
export function findPacketInfo(view: DataView, start: number, length: number): number {
  let at = start
  const end = start + length
  while (at + CMSG_HEAD <= end) {
    const size = view.getUint32(at, true)
    if (size < CMSG_HEAD || at + size > end) return -1
    const level = view.getInt32(at + 8, true)
    const type = view.getInt32(at + 12, true)
    if (level === linux.IPPROTO_IP && type === linux.IP_PKTINFO) return at + CMSG_HEAD
    if (level === linux.IPPROTO_IPV6 && type === linux.IPV6_PKTINFO) return at + CMSG_HEAD
    at += (size + 7) & ~7
  }
  return -1
}

/**
 * Turns the packet info of a query, with data at `packetInfo`, into that of its reply, at `start`: it leaves from the
 * address that was asked. The kernel chooses the interface, but for IPv6 link-local addresses, which mean nothing
 * without theirs. What the kernel wrote is what it reads, so that only the interface has to go: struct in_pktinfo begins
 * with it, followed by the local address; in struct in6_pktinfo it follows the address. Returns the octets to send.
 */
export function composeReplyInfo(
  octets: Uint8Array,
  view: DataView,
  start: number,
  packetInfo: number,
  family: 4 | 6,
): number {
  const length = family === 4 ? REPLY_INFO_IPV4 : REPLY_INFO_IPV6
  let data = packetInfo
  if (data !== start + CMSG_HEAD) {
    // Another message stood before it.
    octets.copyWithin(start, packetInfo - CMSG_HEAD, packetInfo - CMSG_HEAD + length)
    data = start + CMSG_HEAD
  }
  if (family === 4) view.setUint32(data, 0, true)
  else if (octets[data] !== 0xfe || (octets[data + 1]! & 0xc0) !== 0x80) view.setUint32(data + 16, 0, true)
  return length
}

/** A head, and 12 or 20 octets of data, up to the next multiple of 8. */
const REPLY_INFO_IPV4 = 32
const REPLY_INFO_IPV6 = 40
