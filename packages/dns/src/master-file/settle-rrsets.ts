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
  const rrsets = new Map<string, { ttl: number; isUneven: boolean; rdata: Set<string> }>()
  const problems: Problem[] = []
  const kept: { rr: PlacedRr; key: string }[] = []
  for (const rr of records) {
    const key = rrsetKey(rr)
    const rdata = rdataKey(rr)
    const rrset = rrsets.get(key)
    if (rrset === undefined) {
      rrsets.set(key, { ttl: rr.ttl, isUneven: false, rdata: new Set([rdata]) })
    } else if (rrset.rdata.has(rdata)) {
      problems.push(warn(rr, `this ${describe(rr)} is there already and is dropped`))
      continue
    } else {
      rrset.rdata.add(rdata)
      if (rr.ttl !== rrset.ttl) {
        const least = Math.min(rr.ttl, rrset.ttl)
        problems.push(
          warn(rr, `this ${describe(rr)} has the TTL ${rr.ttl}, but one before it has ${rrset.ttl}: all get ${least}`),
        )
        rrset.ttl = least
        rrset.isUneven = true
      }
    }
    kept.push({ rr, key })
  }
  const settled = kept.map(({ rr, key }) => {
    const { ttl, isUneven } = rrsets.get(key)!
    return isUneven && rr.ttl !== ttl ? { ...rr, ttl } : rr
  })
  return { records: settled, problems }
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
