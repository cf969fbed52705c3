import { type Name, Rclass, type Rr } from '@windrose/dns'
import { type AnswerCache, Variant } from './answer-cache.ts'
import { RECORD_FIXED } from './compose-variant.ts'

/** Reads a remembered variant back as records of this owner: where it is a part of a longer answer. */
export function variantRecords(cache: AnswerCache, variant: number, owner: Name): Rr[] {
  const { entries, bodies } = cache
  const end = entries[variant + Variant.start]! + entries[variant + Variant.length]!
  const records: Rr[] = []
  for (let at = entries[variant + Variant.start]!; at < end; ) {
    const rtype = u16(bodies, at + 2)
    const ttl = u16(bodies, at + 6) * 0x10000 + u16(bodies, at + 8)
    const rdata = at + RECORD_FIXED
    at = rdata + u16(bodies, at + 10)
    records.push({ owner, rtype, rclass: Rclass.IN, ttl, rdata: bodies.slice(rdata, at) })
  }
  return records
}

function u16(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!
}
