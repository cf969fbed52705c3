import { isWithin, type Name, Rcode, type Rr, Rtype } from '@windrose/dns'
import { negativeTtl, type ZoneImage, zoneSoa } from '@windrose/zone'
import type { Answer } from './answer.ts'
import { ownedRecords, ownerName, rrsetRecords, targetAddresses } from './image-records.ts'

/** The answers that zones give without steering, as values: bodies are composed from them, and so are chains. */

/** An RRset as the answer, with the addresses of the names it points at. */
export function positiveAnswer(image: ZoneImage, rrset: number, owner: Name): Answer {
  const answers = ownedRecords(image, rrset, owner)
  return answered({ answers, additionals: pointsAtHosts(answers) ? targetAddresses(image, answers) : [] })
}

/** The delegation at a cut: its NS RRset, and glue (RFC 1034 4.3.2 step 3b, RFC 9471). */
export function referralAnswer(image: ZoneImage, cutNs: number): Answer {
  const cut = ownerName(image, cutNs)
  const authorities = rrsetRecords(image, cutNs)
  const addresses = targetAddresses(image, authorities)
  return answered({
    authoritative: false,
    authorities,
    glue: addresses.filter((address) => isWithin(address.owner, cut)),
    additionals: addresses.filter((address) => !isWithin(address.owner, cut)),
  })
}

/** NODATA or NXDOMAIN: the zone's SOA, with the negative TTL of RFC 2308 5. */
export function negativeAnswer(image: ZoneImage, zone: number, rcode: number): Answer {
  const ttl = negativeTtl(image, zone)
  const authorities = rrsetRecords(image, zoneSoa(image, zone)).map((soa): Rr => ({ ...soa, ttl }))
  return answered({ rcode, authorities })
}

export function answered(parts: Partial<Answer>): Answer {
  return {
    rcode: Rcode.NOERROR,
    authoritative: true,
    answers: [],
    authorities: [],
    glue: [],
    additionals: [],
    ...parts,
  }
}

function pointsAtHosts(records: readonly Rr[]): boolean {
  const rtype = records[0]?.rtype
  return rtype === Rtype.NS || rtype === Rtype.MX || rtype === Rtype.SRV
}
