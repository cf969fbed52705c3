import { type Name, nameKey, nameLength, Rtype } from '@windrose/dns'
import { findNodeByName, nodeService, rrsetNode, rrsetSize, rrsetType, type ZoneImage } from '@windrose/zone'
import { rdataOf } from './image-records.ts'

/** Whether an RRset is of SVCB or HTTPS records of which one leads to a steered name. */
export function hasHints(image: ZoneImage, rrset: number): boolean {
  if (!isServiceBinding(rrsetType(image, rrset))) return false
  for (let i = 0; i < rrsetSize(image, rrset); i++) {
    const target = serviceTarget(rdataOf(image, rrset, i))
    if (target !== undefined && serviceOf(image, rrsetNode(image, rrset), target) >= 0) return true
  }
  return false
}

/** The steered names that an RRset leads to, each once, with the number of the service. `.` is the owner itself. */
export function steeredTargets(
  image: ZoneImage,
  rrset: number,
  owner: Name,
): readonly { readonly target: Name; readonly service: number }[] {
  const found = new Map<string, { readonly target: Name; readonly service: number }>()
  for (let i = 0; i < rrsetSize(image, rrset); i++) {
    const target = serviceTarget(rdataOf(image, rrset, i))
    if (target === undefined) continue
    const service = serviceOf(image, rrsetNode(image, rrset), target)
    const name = target.length === 1 ? owner : target
    if (service >= 0) found.set(nameKey(name), { target: name, service })
  }
  return [...found.values()]
}

/** SVCB and its form for web servers (RFC 9460). */
export function isServiceBinding(rtype: number): boolean {
  return rtype === Rtype.HTTPS || rtype === Rtype.SVCB
}

/** The target of a record in ServiceMode; undefined in AliasMode, which has no parameters (RFC 9460 2.4.2). */
export function serviceTarget(rdata: Uint8Array): Name | undefined {
  const priority = (rdata[0]! << 8) | rdata[1]!
  return priority === 0 ? undefined : rdata.slice(2, 2 + nameLength(rdata, 2))
}

/** The service that steers a target, where `.` is the owner itself; -1 where none does. */
export function serviceOf(image: ZoneImage, ownNode: number, target: Name): number {
  const node = target.length === 1 ? ownNode : findNodeByName(image, target)
  return node < 0 ? -1 : nodeService(image, node)
}
