import { concatNames, type Name, nameKey, Rclass, Rcode, type Rr, Rtype } from '@windrose/dns'
import type { Endpoint } from '@windrose/steering'
import { Found, lookup, scanQname } from '@windrose/zone'
import type { Answer } from './answer.ts'
import { anyRecord } from './answer-any.ts'
import { isWhoamiText, whoamiRecords } from './answer-whoami.ts'
import { Counter } from './counters.ts'
import { classFor, decideFor } from './decide-for.ts'
import { drawVariant } from './draw-variant.ts'
import type { Exchange } from './exchange.ts'
import { ownedRecords, ownerName, rdataOf } from './image-records.ts'
import { HEADER_LENGTH } from './parse-query.ts'
import type { Runtime } from './runtime.ts'
import { answered, negativeAnswer, referralAnswer } from './static-answer.ts'
import { WHOAMI_SERVICE } from './whoami.ts'
import { writeAnswer, writeEmpty } from './write-response.ts'

/**
 * Answers a question that starts with an alias: a CNAME of the zone, a DNAME above the name, or a CNAME that steering
 * chose. The chain is followed to its end inside our zones, and the rcode is that of the last name (RFC 6604 3).
 */
export function answerChain(exchange: Exchange, runtime: Runtime): number {
  runtime.counters[Counter.chains]!++
  const qname = exchange.packet.slice(HEADER_LENGTH, HEADER_LENGTH + runtime.query.qname.length)
  const answer = followChain(exchange, runtime, qname)
  // A part of the chain must not be taken for the whole.
  if (answer.rcode === Rcode.SERVFAIL) return writeEmpty(exchange, runtime, Rcode.SERVFAIL, 0)
  return writeAnswer(exchange, runtime, answer)
}

/** Aliases followed for one question. Longer chains exist only by mistake; resolvers give up at about this length. */
const CHAIN_MAX = 16

/** The answer from `runtime.found` on, which holds the look-up of `qname`. */
function followChain(exchange: Exchange, runtime: Runtime, qname: Name): Answer {
  const chain: Rr[] = []
  const seen = new Set<string>()
  let owner = qname
  for (let hops = 0; hops < CHAIN_MAX; hops++) {
    const link = nextLink(exchange, runtime, owner)
    chain.push(...link.records)
    if (link.end !== undefined) return { ...link.end, authoritative: true, answers: chain }
    seen.add(nameKey(owner))
    owner = link.target
    // A loop is answered with what there is of it, as all name servers do: the resolver sees it.
    if (seen.has(nameKey(owner))) break
    scanQname(owner, 0, owner.length, runtime.chainName)
    lookup(runtime.snapshot.zones, runtime.chainName, runtime.query.qtype, runtime.found)
  }
  return answered({ answers: chain })
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
      return {
        records: found.rrset < 0 ? [anyRecord(owner)] : ownedRecords(zones, found.rrset, owner),
        end: answered({}),
      }
    case Found.referral:
      return { records: [], end: referralAnswer(zones, found.rrset) }
    case Found.nodata:
      if (isWhoamiText(runtime)) return whoamiLink(exchange, runtime, owner)
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
  // One octet more: it stands where the root octet would, and is replaced by the target.
  const head = owner.slice(0, owner.length - found.encloserLength + 1)
  const target = concatNames(head, rdataOf(zones, found.rrset, 0))
  if (target === undefined) return { records, end: answered({ rcode: Rcode.YXDOMAIN }) }
  const cname: Rr = { owner, rtype: Rtype.CNAME, rclass: Rclass.IN, ttl: records[0]!.ttl, rdata: target }
  return { records: [...records, cname], target }
}

/** The addresses that steering decides for this client, or the CNAME. */
function steeredLink(exchange: Exchange, runtime: Runtime, owner: Name): Link {
  const { snapshot, query, found, client } = runtime
  const service = snapshot.services[found.service]!
  const clientClass = classFor(exchange, runtime, service)
  const key = { service: service.index, isIpv6: query.qtype === Rtype.AAAA, clientClass }
  const decision = decideFor(snapshot, key)
  if (decision.dependsOnClient) query.scope = Math.max(query.scope, client.scope)
  const variant = drawVariant(decision, runtime.random())
  if (variant === undefined) {
    const end =
      decision.empty === 'servfail'
        ? answered({ rcode: Rcode.SERVFAIL })
        : negativeAnswer(snapshot.zones, found.zone, Rcode.NOERROR)
    return { records: [], end }
  }
  const records = variant.endpoints.map((endpoint) => endpointRecord(endpoint, owner, decision.ttl))
  const alias = variant.endpoints.find((endpoint) => endpoint.kind === 'name')
  return alias === undefined ? { records, end: answered({}) } : { records, target: alias.target }
}

function endpointRecord(endpoint: Endpoint, owner: Name, ttl: number): Rr {
  const rtype = endpoint.kind === 'name' ? Rtype.CNAME : endpoint.kind === 'ipv6' ? Rtype.AAAA : Rtype.A
  return { owner, rtype, rclass: Rclass.IN, ttl, rdata: endpoint.target }
}
