/** Echo messages of ICMP (RFC 792) and ICMPv6 (RFC 4443 section 4): the same but for their types. */

const TYPES = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const

const HEADER_LENGTH = 8

/** A request with number 1. Checksum and identifier are the kernel's, as it does both for such a socket. */
export function composeEchoRequest(family: 4 | 6, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH)
  header[0] = TYPES[family].request
  header.writeUInt16BE(1, 6)
  return Buffer.concat([header, payload])
}

/** Whether a message is the reply to the request with this payload. */
export function isEchoReply(family: 4 | 6, message: Buffer, payload: Buffer): boolean {
  return message[0] === TYPES[family].reply && message[1] === 0 && message.subarray(HEADER_LENGTH).equals(payload)
}
