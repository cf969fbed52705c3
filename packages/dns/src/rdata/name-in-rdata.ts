import { type Name, nameLength } from '../name.ts'
import { Rtype } from '../rtype.ts'

/**
 * The name that a record points at: the target of NS, CNAME, DNAME, PTR, MX, SRV, SVCB, HTTPS and the like, whose
 * addresses may go into the additional section. Undefined for types without one and for malformed rdata. The target
 * of SVCB and HTTPS may be the root, which means the owner (RFC 9460 section 2.5).
 */
export function nameInRdata(rtype: number, rdata: Uint8Array): Name | undefined {
  const start = octetsBeforeName(rtype)
  if (start < 0) return undefined
  const length = nameLength(rdata, start)
  return length === 0 ? undefined : rdata.slice(start, start + length)
}

function octetsBeforeName(rtype: number): number {
  switch (rtype) {
    case Rtype.NS:
    case Rtype.CNAME:
    case Rtype.DNAME:
    case Rtype.PTR:
      return 0
    case Rtype.MX:
    case Rtype.AFSDB:
    case Rtype.RT:
    case Rtype.KX:
    case Rtype.SVCB:
    case Rtype.HTTPS:
      return 2
    case Rtype.SRV:
      return 6
    default:
      return -1
  }
}
