/** What a MySQL or MariaDB server says first: a greeting, or an error packet in its place. */
export type MysqlGreeting =
  | { readonly kind: 'greeting'; readonly version: string }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'foreign' }

/** A packet has its length in three octets, little end first, and its number in one; the greeting is number 0. */
const HEADER_LENGTH = 4
const PROTOCOL_10 = 0x0a
const ERROR_PACKET = 0xff

/** No greeting is this long; whatever says so speaks something else. */
const PACKET_LIMIT = 4096

export function parseMysqlGreeting(octets: Buffer): MysqlGreeting {
  if (octets.length < HEADER_LENGTH) return { kind: 'incomplete' }
  const length = octets.readUIntLE(0, 3)
  // An error may come with any number: some proxies count on.
  if (length < 3 || length > PACKET_LIMIT) return { kind: 'foreign' }
  if (octets.length < HEADER_LENGTH + length) return { kind: 'incomplete' }
  const payload = octets.subarray(HEADER_LENGTH, HEADER_LENGTH + length)
  if (payload[0] === ERROR_PACKET) return { kind: 'error', code: payload.readUInt16LE(1), message: messageOf(payload) }
  const end = payload.indexOf(0)
  if (payload[0] !== PROTOCOL_10 || end === -1) return { kind: 'foreign' }
  return { kind: 'greeting', version: payload.toString('latin1', 1, end) }
}

/** After the code, `#` and five octets of SQLSTATE may come first; before the handshake they mostly do not. */
function messageOf(payload: Buffer): string {
  const hasState = payload.length >= 9 && payload[3] === 0x23
  return payload.toString('utf8', hasState ? 9 : 3)
}
