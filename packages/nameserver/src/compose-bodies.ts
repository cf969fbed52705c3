import { isWildcard, type Name, Rcode, Rtype } from '@windrose/dns'
import { nodeCut, rrsetCount, rrsetNode, rrsetType, type ZoneImage, zoneCount, zoneSoa } from '@windrose/zone'
import type { BodyImage } from './body-image.ts'
import { BodyStore } from './body-store.ts'
import { ownerName, rdataOf } from './image-records.ts'
import { isServed } from './is-served.ts'
import { hasHints } from './service-binding.ts'
import { negativeAnswer, positiveAnswer, referralAnswer } from './static-answer.ts'

/** Composes the static response of every RRset and the negative response of every zone. Once a snapshot. */
export function composeBodies(image: ZoneImage): BodyImage {
  const rrsets = rrsetCount(image)
  const zones = zoneCount(image)
  const store = new BodyStore(rrsets + zones)
  for (let rrset = 0; rrset < rrsets; rrset++) composeRrset(image, rrset, store)
  for (let zone = 0; zone < zones; zone++) {
    const apex = ownerName(image, zoneSoa(image, zone))
    store.addBelow(rrsets + zone, apex, negativeAnswer(image, zone, Rcode.NOERROR))
  }
  return store.image(rrsets)
}

/** An RRset answers its owner; a cut's NS refers all that is below the cut; a wildcard's answers all that it matches. */
function composeRrset(image: ZoneImage, rrset: number, store: BodyStore): void {
  const owner = ownerName(image, rrset)
  if (isDelegation(image, rrset)) store.addBelow(rrset, owner, referralAnswer(image, rrset))
  else if (isWildcard(owner)) store.addSynthesised(rrset, parentOf(owner), positiveAnswer(image, rrset, owner))
  else store.addExact(rrset, owner, positiveAnswer(image, rrset, owner))
  if (leadsOn(image, rrset)) store.markLeadingOn(rrset)
}

function leadsOn(image: ZoneImage, rrset: number): boolean {
  if (hasHints(image, rrset)) return true
  return rrsetType(image, rrset) === Rtype.CNAME && isServed(image, rdataOf(image, rrset, 0))
}

/** Whether an RRset is the NS of a zone cut; the apex's own NS is an answer like any other. */
function isDelegation(image: ZoneImage, rrset: number): boolean {
  const node = rrsetNode(image, rrset)
  return rrsetType(image, rrset) === Rtype.NS && nodeCut(image, node) === node
}

/** What a wildcard matches ends with the name below which it stands. */
function parentOf(wildcard: Name): Name {
  return wildcard.subarray(2)
}
