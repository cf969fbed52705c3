import { concatNames, type Name, nameKey, Rclass, Rcode, type Rr, Rtype } from '@windrose/dns'
import { Found, type Lookup, lookup, scanName, type ZoneImage } from '@windrose/zone'
import type { Answer } from './answer.ts'
import { anyRecord } from './answer-any.ts'
import { Entry, EntryKind } from './answer-cache.ts'
import { isWhoamiText, whoamiRecords } from './answer-whoami.ts'
import { ALIAS_RTYPE } from './compose-variant.ts'
import { countLoad } from './count-load.ts'
import { Counter } from './counters.ts'
import type { Exchange } from './exchange.ts'
import { hintedRecords, isHinted } from './hinted-records.ts'
import { ownedRecords, ownerName, rdataOf } from './image-records.ts'
import { isServed } from './is-served.ts'
import { HEADER_LENGTH } from './parse-query.ts'
import { pickVariant } from './pick-variant.ts'
import type { Runtime } from './runtime.ts'
import { answered, negativeAnswer, referralAnswer } from './static-answer.ts'
import { entryFor } from './steered-entry.ts'
import { variantRecords } from './variant-records.ts'
import { WHOAMI_SERVICE } from './whoami.ts'
import { writeAnswer, writeEmpty } from './write-response.ts'

/**
 * Answers a question that starts with an alias: a CNAME of the zone, a DNAME above the name, or a CNAME that steering
 * chose. The chain is followed to its end inside our zones, and the rcode is that of the last name (RFC 6604 3).
 */
export function answerChain(exchange: Exchange, runtime: Runtime): number {
  const qname = qnameOf(exchange)
  return writeChain(exchange, runtime, followChain(exchange, runtime, qname, nextLink(exchange, runtime, qname)))
}

/** As answerChain, for a question whose name steering has answered already, with a CNAME. */
export function answerEntryChain(exchange: Exchange, runtime: Runtime, entry: number): number {
  const qname = qnameOf(exchange)
  return writeChain(
    exchange,
    runtime,
    followChain(exchange, runtime, qname, entryLink(exchange, runtime, entry, qname)),
  )
}

function qnameOf(exchange: Exchange): Name {
  return exchange.packet.slice(HEADER_LENGTH, HEADER_LENGTH + exchange.query.qname.length)
}

function writeChain(exchange: Exchange, runtime: Runtime, answer: Answer): number {
  runtime.counters[Counter.chains]!++
  // A part of the chain must not be taken for the whole.
  if (answer.rcode === Rcode.SERVFAIL) return writeEmpty(exchange, runtime, Rcode.SERVFAIL, 0)
  return writeAnswer(exchange, runtime, answer)
}

/** Aliases followed for one question. Longer chains exist only by mistake; resolvers give up at about this length. */
export const CHAIN_MAX = 16

/** The answer that begins with `first`, the link of `qname`. */
function followChain(exchange: Exchange, runtime: Runtime, qname: Name, first: Link): Answer {
  const chain: Rr[] = []
  const seen = new Set<string>()
  let owner = qname
  let link = first
  for (let hops = 1; ; hops++) {
    chain.push(...link.records)
    if (link.end !== undefined) return { ...link.end, authoritative: true, answers: chain }
    seen.add(nameKey(owner))
    owner = link.target
    // A loop is answered with what there is of it, as all name servers do: the resolver sees it.
    if (hops === CHAIN_MAX || seen.has(nameKey(owner))) return answered({ answers: chain })
    scanName(owner, runtime.chainName)
    lookup(runtime.snapshot.zones, runtime.chainName, exchange.query.qtype, runtime.found)
    link = nextLink(exchange, runtime, owner)
  }
}

/** What one name adds to the chain: records, and either the next name or the end. */
type Link =
  | { readonly records: readonly Rr[]; readonly target: Name; readonly end?: undefined }
  | { readonly records: readonly Rr[]; readonly end: Answer }

function nextLink(exchange: Exchange, runtime: Runtime, owner: Name): Link {
  const { zones } = runtime.snapshot
  const found = runtime.found
  switch (found.kind) {
    case Found.cname:
      return { records: ownedRecords(zones, found.rrset, owner), target: rdataOf(zones, found.rrset, 0) }
    case Found.dname:
      return dnameLink(runtime, owner)
    case Found.steered:
      if (found.service === WHOAMI_SERVICE) return whoamiLink(exchange, runtime, owner)
      return steeredLink(exchange, runtime, owner)
    case Found.rrset:
      if (isHinted(runtime, exchange.query.qtype)) {
        return { records: hintedRecords(exchange, runtime, owner), end: answered({}) }
      }
      return {
        records: found.rrset < 0 ? [anyRecord(owner)] : ownedRecords(zones, found.rrset, owner),
        end: answered({}),
      }
    case Found.referral:
      return { records: [], end: referralAnswer(zones, found.rrset) }
    case Found.nodata:
      if (isWhoamiText(exchange, runtime)) return whoamiLink(exchange, runtime, owner)
      return { records: [], end: negativeAnswer(zones, found.zone, Rcode.NOERROR) }
    case Found.nxdomain:
      return { records: [], end: negativeAnswer(zones, found.zone, Rcode.NXDOMAIN) }
    default:
      // Outside our zones: the resolver goes on from here.
      return { records: [], end: answered({}) }
  }
}

/** What whoami says at the end of a chain: NODATA where the source is of the other family. */
function whoamiLink(exchange: Exchange, runtime: Runtime, owner: Name): Link {
  const records = whoamiRecords(exchange, runtime, owner)
  const { zones } = runtime.snapshot
  const end = records.length > 0 ? answered({}) : negativeAnswer(zones, runtime.found.zone, Rcode.NOERROR)
  return { records, end }
}

/** A DNAME, and the CNAME it synthesises with the DNAME's TTL (RFC 6672 3.1); too long a name is YXDOMAIN (2.2). */
function dnameLink(runtime: Runtime, owner: Name): Link {
  const { zones } = runtime.snapshot
  const found = runtime.found
  const records = ownedRecords(zones, found.rrset, ownerName(zones, found.rrset))
  const target = synthesiseTarget(zones, found, owner)
  if (target === undefined) return { records, end: answered({ rcode: Rcode.YXDOMAIN }) }
  const cname: Rr = { owner, rtype: Rtype.CNAME, rclass: Rclass.IN, ttl: records[0]!.ttl, rdata: target }
  return { records: [...records, cname], target }
}

/** Where the DNAME that was found leads a name below it (RFC 6672 2.2); undefined for one that would be too long. */
export function synthesiseTarget(zones: ZoneImage, { rrset, encloserLength }: Lookup, owner: Name): Name | undefined {
  // One octet more: it stands where the root octet would, and is replaced by the target.
  return concatNames(owner.slice(0, owner.length - encloserLength + 1), rdataOf(zones, rrset, 0))
}

/** The addresses that steering decides for this client, or the CNAME. */
function steeredLink(exchange: Exchange, runtime: Runtime, owner: Name): Link {
  const service = runtime.snapshot.services[runtime.found.service]!
  return entryLink(exchange, runtime, entryFor(exchange, runtime, service, exchange.query.qtype === Rtype.AAAA), owner)
}

/**
 * The addresses of an alias under its owner's own name: what a CNAME cannot be at an apex, or beside other records. A name
 * of our zones is looked up as the client would look it up; any other was resolved beforehand, and where that has not yet
 * come to anything it is a failure and not an answer.
 */
function aliasLink(exchange: Exchange, runtime: Runtime, { owner, ttl, rdata: target }: Rr): Link {
  const { snapshot } = runtime
  const { qtype } = exchange.query
  const { zone } = runtime.found
  const nodata: Link = { records: [], end: negativeAnswer(snapshot.zones, zone, Rcode.NOERROR) }
  if (isServed(snapshot.zones, target)) {
    scanName(target, runtime.chainName)
    lookup(snapshot.zones, runtime.chainName, qtype, runtime.found)
    if (runtime.aliasDepth === ALIAS_DEPTH_MAX) return { records: [], end: answered({ rcode: Rcode.SERVFAIL }) }
    runtime.aliasDepth++
    const { rcode, answers } = followChain(exchange, runtime, target, nextLink(exchange, runtime, target))
    runtime.aliasDepth--
    if (rcode === Rcode.SERVFAIL) return { records: [], end: answered({ rcode }) }
    const addresses = answers.filter(({ rtype }) => rtype === qtype)
    const least = Math.min(ttl, ...answers.map((record) => record.ttl))
    return addresses.length === 0
      ? nodata
      : { records: addresses.map((record) => ({ ...record, owner, ttl: least })), end: answered({}) }
  }
  const known = snapshot.aliases.get(nameKey(target))
  if (known === undefined) return { records: [], end: answered({ rcode: Rcode.SERVFAIL }) }
  const addresses = qtype === Rtype.AAAA ? known.ipv6 : known.ipv4
  const record = { owner, rtype: qtype, rclass: Rclass.IN, ttl: Math.min(ttl, known.ttl) }
  return addresses.length === 0
    ? nodata
    : { records: addresses.map((rdata) => ({ ...record, rdata })), end: answered({}) }
}

/** Aliases that lead to aliases; a circle of them ends here. */
export const ALIAS_DEPTH_MAX = 4

function entryLink(exchange: Exchange, runtime: Runtime, entry: number, owner: Name): Link {
  const { cache, snapshot, found } = runtime
  switch (cache.entries[entry + Entry.kind]) {
    case EntryKind.servfail:
      return { records: [], end: answered({ rcode: Rcode.SERVFAIL }) }
    case EntryKind.nodata:
      return { records: [], end: negativeAnswer(snapshot.zones, found.zone, Rcode.NOERROR) }
    default: {
      const variant = pickVariant(exchange, runtime, entry)
      countLoad(cache, variant, runtime.load)
      const records = variantRecords(cache, variant, owner)
      const flattened = records.find(({ rtype }) => rtype === ALIAS_RTYPE)
      if (flattened !== undefined) return aliasLink(exchange, runtime, flattened)
      const alias = records.find(({ rtype }) => rtype === Rtype.CNAME)
      return alias === undefined ? { records, end: answered({}) } : { records, target: alias.rdata }
    }
  }
}
