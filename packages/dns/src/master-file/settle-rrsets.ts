import { nameKey } from '../name.ts'
import { printName } from '../name-text.ts'
import type { Problem } from '../problem.ts'
import { canonicalRdata } from '../rdata/parse-rdata.ts'
import type { PlacedRr } from '../rr.ts'
import { printRtype, Rtype } from '../rtype.ts'

/**
 * Makes RRsets of records: drops duplicates (RFC 2181 section 5) and gives all records of an RRset its lowest TTL
 * (RFC 2181 section 5.2), each with a warning. The order of the records is kept.
 */
export function settleRrsets(records: readonly PlacedRr[]): { records: PlacedRr[]; problems: Problem[] } {
  const rrsets = new Map<string, Rrset>()
  const problems: Problem[] = []
  for (const rr of records) {
    const key = rrsetKey(rr)
    const rrset = rrsets.get(key)
    if (rrset === undefined) rrsets.set(key, { ttl: rr.ttl, first: rr, rdata: undefined })
    else addToRrset(rrset, rr, problems)
  }
  if (problems.length === 0) return { records: [...records], problems }
  const settled: PlacedRr[] = []
  for (const rr of records) {
    const rrset = rrsets.get(rrsetKey(rr))!
    if (rrset.rdata !== undefined && rrset.rdata.get(rdataKey(rr)) !== rr) continue
    settled.push(rr.ttl === rrset.ttl ? rr : { ...rr, ttl: rrset.ttl })
  }
  return { records: settled, problems }
}

interface Rrset {
  ttl: number
  readonly first: PlacedRr
  /** The first record with each rdata; most RRsets have one record, and then this is not made. */
  rdata: Map<string, PlacedRr> | undefined
}

function addToRrset(rrset: Rrset, rr: PlacedRr, problems: Problem[]): void {
  rrset.rdata ??= new Map([[rdataKey(rrset.first), rrset.first]])
  const rdata = rdataKey(rr)
  if (rrset.rdata.has(rdata)) {
    problems.push(warn(rr, `this ${describe(rr)} is there already and is dropped`))
    return
  }
  rrset.rdata.set(rdata, rr)
  if (rr.ttl === rrset.ttl) return
  const least = Math.min(rr.ttl, rrset.ttl)
  const message = `this ${describe(rr)} has the TTL ${rr.ttl}, but one before it has ${rrset.ttl}: all get ${least}`
  problems.push(warn(rr, message))
  rrset.ttl = least
}

/** RRSIG records belong to the RRset that they cover (RFC 4034 section 3). */
function rrsetKey(rr: PlacedRr): string {
  const covered = rr.rtype === Rtype.RRSIG ? rr.rdata.subarray(0, 2).join('.') : ''
  return `${rr.rtype} ${covered} ${nameKey(rr.owner)}`
}

function rdataKey(rr: PlacedRr): string {
  let key = ''
  for (const octet of canonicalRdata(rr.rtype, rr.rdata)) key += String.fromCharCode(octet)
  return key
}

function describe(rr: PlacedRr): string {
  return `${printRtype(rr.rtype)} record of ${printName(rr.owner)}`
}

function warn(rr: PlacedRr, message: string): Problem {
  return { severity: 'warning', place: rr.place, message }
}
