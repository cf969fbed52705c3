import { type Name, nameInRdata, Rclass, type Rr, Rtype } from '@windrose/dns'
import {
  findNodeByName,
  nodeRrset,
  nodeService,
  rdataLength,
  rdataStart,
  rrsetOwner,
  rrsetSize,
  rrsetTtl,
  rrsetType,
  type ZoneImage,
} from '@windrose/zone'

/** Reads RRsets back out of a zone image as records; off the hot path. */
export function rrsetRecords(image: ZoneImage, rrset: number): Rr[] {
  return ownedRecords(image, rrset, ownerName(image, rrset))
}

/** The records of an RRset under another owner: what a wildcard synthesises (RFC 4592 3.3.1). */
export function ownedRecords(image: ZoneImage, rrset: number, owner: Name): Rr[] {
  const records: Rr[] = []
  for (let i = 0; i < rrsetSize(image, rrset); i++) {
    records.push({
      owner,
      rtype: rrsetType(image, rrset),
      rclass: Rclass.IN,
      ttl: rrsetTtl(image, rrset),
      rdata: rdataOf(image, rrset, i),
    })
  }
  return records
}

export function ownerName(image: ZoneImage, rrset: number): Name {
  const owner = rrsetOwner(image, rrset)
  return image.octets.slice(owner.start, owner.start + owner.length)
}

export function rdataOf(image: ZoneImage, rrset: number, index: number): Uint8Array {
  const start = rdataStart(image, rrset, index)
  return image.octets.slice(start, start + rdataLength(image, rrset, index))
}

/** The static addresses of the names that an RRset's rdata points at (NS, MX, SRV), without repeats. */
export function targetAddresses(image: ZoneImage, records: readonly Rr[]): Rr[] {
  const addresses: Rr[] = []
  const nodes = new Set<number>()
  for (const record of records) {
    const target = nameInRdata(record.rtype, record.rdata)
    const node = target === undefined ? -1 : findNodeByName(image, target)
    if (node < 0 || nodes.has(node) || nodeService(image, node) >= 0) continue
    nodes.add(node)
    for (const rtype of [Rtype.A, Rtype.AAAA]) {
      const rrset = nodeRrset(image, node, rtype)
      if (rrset >= 0) addresses.push(...rrsetRecords(image, rrset))
    }
  }
  return addresses
}
