import { nameLength } from './name.ts'
import type { Rr } from './rr.ts'
import { Rtype } from './rtype.ts'
import type { Writer } from './writer.ts'

/**
 * Composes one record. The owner is compressed, and so are the names in the rdata of the types of RFC 1035; never
 * those of later types (RFC 3597 section 4). When the record does not fit, the writer is full and the caller rolls
 * back to its mark.
 */
export function composeRr(writer: Writer, rr: Rr): void {
  writer.name(rr.owner, true)
  writer.u16(rr.rtype)
  writer.u16(rr.rclass)
  writer.u32(rr.ttl)
  composeRdata(writer, rr.rtype, rr.rdata)
}

/** Composes RDLENGTH and RDATA. For the path: nothing is allocated. */
export function composeRdata(writer: Writer, rtype: number, rdata: Uint8Array): void {
  const lengthAt = writer.position
  writer.u16(0)
  const start = writer.position
  composeOctets(writer, rtype, rdata)
  if (!writer.full) writer.patchU16(lengthAt, writer.position - start)
}

function composeOctets(writer: Writer, rtype: number, rdata: Uint8Array): void {
  const namesAt = fixedOctetsBeforeNames(rtype)
  const first = namesAt < 0 ? 0 : nameLength(rdata, namesAt)
  const second = first > 0 && hasTwoNames(rtype) ? nameLength(rdata, namesAt + first) : 0
  // Rdata that does not look like its type goes out as it is.
  if (first === 0 || (second === 0 && hasTwoNames(rtype))) {
    writer.bytes(rdata)
    return
  }
  writer.bytes(rdata, 0, namesAt)
  writer.name(rdata, true, namesAt)
  if (second > 0) writer.name(rdata, true, namesAt + first)
  writer.bytes(rdata, namesAt + first + second)
}

/** How many octets stand before the first compressible name, or -1 where the type has none. */
function fixedOctetsBeforeNames(rtype: number): number {
  switch (rtype) {
    case Rtype.NS:
    case Rtype.CNAME:
    case Rtype.PTR:
    case Rtype.SOA:
    case Rtype.MD:
    case Rtype.MF:
    case Rtype.MB:
    case Rtype.MG:
    case Rtype.MR:
    case Rtype.MINFO:
      return 0
    case Rtype.MX:
      return 2
    default:
      return -1
  }
}

function hasTwoNames(rtype: number): boolean {
  return rtype === Rtype.SOA || rtype === Rtype.MINFO
}
