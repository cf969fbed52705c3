import { Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import type { NameCase } from './field.ts'
import { layoutOf } from './layouts.ts'
import { name } from './name-fields.ts'

/** RDLENGTH has 16 bits. */
export const RDATA_OCTETS_MAX = 0xffff

/**
 * Parses `length` octets of rdata at the reader's position: names are decompressed, so that the result stands by
 * itself. Fails the reader when a field of a known type is malformed or octets are left over.
 * `scratch` is a writer of 65535 octets that is overwritten.
 */
export function parseRdata(reader: Reader, rtype: number, length: number, scratch: Writer): Uint8Array {
  const fields = layoutOf(rtype)
  if (fields === undefined) return reader.take(length)
  const inner = new Reader(reader.octets, reader.start, reader.position + length)
  inner.position = reader.position
  reader.skip(length)
  if (reader.short) return EMPTY
  scratch.rollback(0)
  for (const field of fields) field.parse(inner, scratch, 'kept')
  if (inner.short || inner.remaining > 0 || scratch.full) reader.fail()
  return scratch.octets.slice(0, scratch.position)
}

/** True when the rdata is well formed for its type, with no name compressed; types without a layout always are. */
export function isRdata(rtype: number, rdata: Uint8Array): boolean {
  const copy = copyRdata(rtype, rdata, 'kept')
  // A name that was compressed comes back as other octets.
  return copy !== undefined && copy.length === rdata.length && copy.every((octet, i) => octet === rdata[i])
}

/**
 * The rdata in the canonical form of RFC 4034 section 6.2: names of the older types in lower case. Two records are
 * duplicates when their canonical rdata are the same.
 */
export function canonicalRdata(rtype: number, rdata: Uint8Array): Uint8Array {
  if (layoutOf(rtype)?.includes(name) !== true) return rdata
  return copyRdata(rtype, rdata, 'folded') ?? rdata
}

function copyRdata(rtype: number, rdata: Uint8Array, nameCase: NameCase): Uint8Array | undefined {
  const fields = layoutOf(rtype)
  if (fields === undefined) return rdata.length <= RDATA_OCTETS_MAX ? rdata : undefined
  const reader = new Reader(rdata)
  const writer = new Writer(new Uint8Array(rdata.length))
  for (const field of fields) field.parse(reader, writer, nameCase)
  return reader.short || reader.remaining > 0 || writer.full ? undefined : writer.octets.slice(0, writer.position)
}

const EMPTY = new Uint8Array(0)
