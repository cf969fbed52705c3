/**
 * The messages of grpc.health.v1.Health/Check, each in one gRPC frame: an octet that says whether it is compressed, four
 * octets of length, big-endian, and the message in protocol buffers' encoding.
 */

export const HEALTH_CHECK_PATH = '/grpc.health.v1.Health/Check'

const FRAME_HEADER_LENGTH = 5

/** No HealthCheckResponse is longer, whatever fields future versions add. */
export const HEALTH_RESPONSE_LIMIT = 4096

/** HealthCheckRequest: field 1 is the service's name. */
export function composeHealthRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8')
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...composeVarint(name.length)]), name])
  const header = Buffer.alloc(FRAME_HEADER_LENGTH)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}

/** HealthCheckResponse: field 1 is the status. Undefined when it is no such message; 0 where the field is left out. */
export function parseHealthResponse(octets: Buffer): number | undefined {
  if (octets.length < FRAME_HEADER_LENGTH || octets[0] !== 0) return undefined
  if (octets.readUInt32BE(1) !== octets.length - FRAME_HEADER_LENGTH) return undefined
  const message = octets.subarray(FRAME_HEADER_LENGTH)
  let status = 0
  let at = 0
  while (at < message.length) {
    const tag = parseVarint(message, at)
    if (tag === undefined) return undefined
    const value = skipField(message, tag.end, tag.value & 7)
    if (value === undefined) return undefined
    // The last one counts where a field is there twice.
    if (tag.value === 8) status = value.varint
    at = value.end
  }
  return status
}

interface Field {
  readonly end: number
  /** The value of a varint field, 0 for others. */
  readonly varint: number
}

/** Where a field of this wire type ends; undefined for types that are unknown or reach beyond the message. */
function skipField(message: Buffer, at: number, wireType: number): Field | undefined {
  if (wireType === 0) {
    const varint = parseVarint(message, at)
    return varint === undefined ? undefined : { end: varint.end, varint: varint.value }
  }
  const length = wireType === 2 ? parseVarint(message, at) : FIXED_LENGTHS[wireType]
  if (length === undefined) return undefined
  const end = typeof length === 'number' ? at + length : length.end + length.value
  return end <= message.length ? { end, varint: 0 } : undefined
}

const FIXED_LENGTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 }

function parseVarint(message: Buffer, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const octet = message[at + i]
    if (octet === undefined) return undefined
    value += (octet & 0x7f) * 2 ** (7 * i)
    if (octet < 0x80) return { value, end: at + i + 1 }
  }
  return undefined
}

function composeVarint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...composeVarint(Math.floor(value / 0x80))]
}
