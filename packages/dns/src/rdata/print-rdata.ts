import { Reader } from '../reader.ts'
import { printHex } from './base-encodings.ts'
import { layoutOf } from './layouts.ts'
import { isRdata } from './parse-rdata.ts'
import { svcParams } from './svc-params.ts'

/**
 * Prints rdata in presentation format; what has no form of its own, because its type is not known or it is malformed,
 * as RFC 3597 section 5 has it: `\# 4 0A000001`.
 */
export function printRdata(rtype: number, rdata: Uint8Array): string {
  const fields = layoutOf(rtype)
  if (fields === undefined || !isRdata(rtype, rdata)) return printUnknown(rdata)
  const reader = new Reader(rdata)
  const texts = fields.map((field) => field.print(reader))
  if (fields[fields.length - 1] === svcParams && texts[texts.length - 1] === '') texts.pop()
  return texts.includes('') ? printUnknown(rdata) : texts.join(' ')
}

function printUnknown(rdata: Uint8Array): string {
  return rdata.length === 0 ? '\\# 0' : `\\# ${rdata.length} ${printHex(rdata)}`
}
