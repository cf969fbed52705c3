import { type Name, type Rr, Rtype, SvcParamKey } from '@windrose/dns'
import { Entry } from './answer-cache.ts'
import { Body, bodyWord } from './body-image.ts'
import { ALIAS_RTYPE } from './compose-variant.ts'
import type { Exchange } from './exchange.ts'
import { ownedRecords } from './image-records.ts'
import { HEADER_LENGTH } from './parse-query.ts'
import { pickVariant } from './pick-variant.ts'
import type { Runtime } from './runtime.ts'
import { isServiceBinding, serviceOf, serviceTarget } from './service-binding.ts'
import { answered } from './static-answer.ts'
import { entryFor } from './steered-entry.ts'
import { variantRecords } from './variant-records.ts'
import { writeAnswer } from './write-response.ts'

/**
 * SVCB and HTTPS records of steered names (RFC 9460): `www HTTPS 1 . alpn=h2,h3` of the zone file, with the address hints
 * that A and AAAA would answer to the same client (7.3). A client that connects by the hints goes where steering wants it,
 * and the record's TTL and scope are no longer and no wider than those of the addresses.
 *
 * Hints are added to records in ServiceMode whose target is a steered name: the owner itself (`.`) or another of our zones.
 * What hints hold in the file is replaced; the check at load refuses it.
 */
export function answerHinted(exchange: Exchange, runtime: Runtime): number {
  const { qname } = exchange.query
  const owner = exchange.packet.slice(HEADER_LENGTH, HEADER_LENGTH + qname.length)
  return writeAnswer(exchange, runtime, answered({ answers: hintedRecords(exchange, runtime, owner) }))
}

/** Whether the RRset that was found gets hints: seen when its body was composed. */
export function isHinted({ snapshot, found }: Runtime, qtype: number): boolean {
  return isServiceBinding(qtype) && found.rrset >= 0 && bodyWord(snapshot.bodies, found.rrset, Body.leadsOn) === 1
}

/** The records of the RRset that was found, under this owner. */
export function hintedRecords(exchange: Exchange, runtime: Runtime, owner: Name): Rr[] {
  const { snapshot, found } = runtime
  const { zones } = snapshot
  return ownedRecords(zones, found.rrset, owner).map((record) => {
    const target = serviceTarget(record.rdata)
    if (target === undefined) return record
    const steered = snapshot.services[serviceOf(zones, found.node, target)]
    if (steered === undefined) return record
    const hints = new Map<number, Uint8Array>()
    let { ttl } = record
    for (const { isIpv6, key } of FAMILIES) {
      const records = addressRecords(exchange, runtime, entryFor(exchange, runtime, steered, isIpv6), owner)
      if (records.length === 0) continue
      hints.set(key, concat(records.map(({ rdata }) => rdata)))
      ttl = Math.min(ttl, records[0]!.ttl)
    }
    return { ...record, ttl, rdata: withParams(record.rdata, target.length, hints) }
  })
}

const FAMILIES = [
  { isIpv6: false, key: SvcParamKey.IPV4HINT },
  { isIpv6: true, key: SvcParamKey.IPV6HINT },
] as const

/** None where the service answers with a name or with nothing: then there is nothing to hint at. */
function addressRecords(exchange: Exchange, runtime: Runtime, entry: number, owner: Name): readonly Rr[] {
  const { cache } = runtime
  if (cache.entries[entry + Entry.variants] === 0) return []
  const records = variantRecords(cache, pickVariant(exchange, runtime, entry), owner)
  return records.some(({ rtype }) => rtype === Rtype.CNAME || rtype === ALIAS_RTYPE) ? [] : records
}

/** The rdata with these parameters in their places: keys are in ascending order (RFC 9460 2.2). */
function withParams(rdata: Uint8Array, targetLength: number, added: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const start = 2 + targetLength
  const params = new Map(added)
  for (let at = start; at < rdata.length; ) {
    const key = (rdata[at]! << 8) | rdata[at + 1]!
    const length = (rdata[at + 2]! << 8) | rdata[at + 3]!
    if (!added.has(key)) params.set(key, rdata.slice(at + 4, at + 4 + length))
    at += 4 + length
  }
  const parts: Uint8Array[] = [rdata.slice(0, start)]
  for (const [key, value] of [...params].sort(([a], [b]) => a - b)) {
    parts.push(Uint8Array.of(key >> 8, key & 255, value.length >> 8, value.length & 255), value)
  }
  return concat(parts)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
