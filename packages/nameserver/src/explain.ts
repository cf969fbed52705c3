import {
  composeMessage,
  equalNames,
  MESSAGE_OCTETS_MAX,
  type Message,
  type Name,
  parseMessage,
  queryMessage,
  Rcode,
  Rtype,
} from '@windrose/dns'
import type { Address, Prefix } from '@windrose/ip'
import { bucketSeed, type ClientClass, type Decision, type Family, type Service } from '@windrose/steering'
import { Found, lookup, nodeOwner, nodeService, scanName, zoneApex } from '@windrose/zone'
import { drawnVariant } from './answer-cache.ts'
import { ALIAS_DEPTH_MAX, CHAIN_MAX, synthesiseTarget } from './answer-chain.ts'
import { clientBucket, clientKey, clientKeyScope, packKeyLengths } from './client-key.ts'
import { classFor, decideFor } from './decide-for.ts'
import { Exchange } from './exchange.ts'
import { isHinted } from './hinted-records.ts'
import { rdataOf } from './image-records.ts'
import { isServed } from './is-served.ts'
import { respond } from './respond.ts'
import { ambientFrom, Runtime } from './runtime.ts'
import { steeredTargets } from './service-binding.ts'
import type { Snapshot } from './snapshot.ts'
import { WHOAMI_SERVICE } from './whoami.ts'

/** What to explain: a question, and who asks it. */
export interface ExplainedQuestion {
  readonly qname: Name
  readonly qtype: number
  /** The client subnet that the resolver sends; without it the resolver's own place counts. */
  readonly client?: Prefix
  readonly resolver: Address
  /** The draw of 0 to 2^32-1 that the response is made with; 0 unless said. */
  readonly draw?: number
}

/** What is answered, and why. */
export interface Explanation {
  /** The response itself, as it is over TCP, where nothing is left out. */
  readonly response: Message
  /** The question's name, then every name that an alias led to: a CNAME of the response, or one that is answered in its stead. */
  readonly names: readonly ExplainedName[]
}

/** What a name is: as the look-up says, and `whoami` for the built-in service. */
export type ExplainedKind = keyof typeof Found | 'whoami'

/** What was found for one name, and for a steered one what was decided. */
export interface ExplainedName extends Partial<ExplainedDecision> {
  readonly owner: Name
  readonly kind: ExplainedKind
  /** The apex of the zone that answers; none outside. */
  readonly zone?: Name
  /** Of HTTPS and SVCB records that lead to steered names: what was decided for both families of each. */
  readonly hints?: readonly ExplainedHint[]
}

/** What was decided for the clients of one service. */
export interface ExplainedDecision {
  readonly service: Service
  /** Number of the client's class, and the class itself, where the service asks who the client is. */
  readonly clientClass?: number
  readonly classOf?: ClientClass
  /** The ECS scope of this decision alone, where a client subnet was sent. */
  readonly scope?: number
  readonly decision: Decision
  /** Position in the decision's variants of the one that is answered; none where there are none. */
  readonly variant?: number
  /** What the client's bucket holds, where the decision's variants are picked by client. */
  readonly picked?: ClientPick
}

export interface ExplainedHint extends ExplainedDecision {
  /** The steered name that the record leads to. */
  readonly target: Name
  readonly family: Family
}

/** How a client got its variant of a decision. */
export interface ClientPick {
  /** The network that stands for the client. */
  readonly client: Prefix
  readonly bucket: number
  /** Position in the decision's variants. */
  readonly variant: number
}

/**
 * Explains an answer by giving it: the response is what `respond` says to that very query, and each name is looked up,
 * placed and decided by the functions that the response came from. Off the path; undefined for a question that no
 * message holds, such as one whose name is too long.
 */
export function explain(question: ExplainedQuestion, snapshot: Snapshot): Explanation | undefined {
  const runtime = new Runtime(
    ambientFrom(() => question.draw ?? 0),
    snapshot,
  )
  const exchange = exchangeFor(question)
  const length = respond(exchange, runtime)
  const response = parseMessage(exchange.out.slice(0, length))
  if ('malformed' in response || response.rcode === Rcode.FORMERR) return undefined
  return { response, names: explainChain(question.qname, { question, exchange, runtime }, 0) }
}

/**
 * The name and those that it leads to, also where the chain comes to nothing in the end. `depth` is how many aliases were
 * answered in each other's stead on the way here.
 */
function explainChain(qname: Name, answered: Answered, depth: number): ExplainedName[] {
  const names: ExplainedName[] = []
  let owner: Name | undefined = qname
  while (owner !== undefined && names.length < CHAIN_MAX) {
    const name = explainName(owner, answered)
    names.push(name)
    const target = answeredAlias(name)
    if (target !== undefined) {
      const leadsOn = depth < ALIAS_DEPTH_MAX && isServed(answered.runtime.snapshot.zones, target)
      return leadsOn ? [...names, ...explainChain(target, answered, depth + 1)] : names
    }
    const next: Name | undefined = nextName(name, answered.runtime)
    owner = next !== undefined && names.some((known) => equalNames(known.owner, next)) ? undefined : next
  }
  return names
}

/** Where a name leads on. It has just been looked up. */
function nextName(
  { owner, kind, decision, variant = -1 }: ExplainedName,
  { snapshot, found }: Runtime,
): Name | undefined {
  if (kind === 'cname') return rdataOf(snapshot.zones, found.rrset, 0)
  if (kind === 'dname') return synthesiseTarget(snapshot.zones, found, owner)
  return decision?.variants[variant]?.endpoints.find((endpoint) => endpoint.kind === 'name')?.target
}

/** The name whose addresses are answered, where an alias was picked. */
function answeredAlias({ decision, variant = -1 }: ExplainedName): Name | undefined {
  return decision?.variants[variant]?.endpoints.find(({ isAlias }) => isAlias === true)?.target
}

/** The question's name, and the targets of the CNAMEs of the response in their order. */
export function aliasChain(question: ExplainedQuestion, response: Message): Name[] {
  const names = [question.qname]
  if (question.qtype === Rtype.CNAME) return names
  for (const { owner, rtype, rdata } of response.answers) {
    const isNext = rtype === Rtype.CNAME && equalNames(owner, names.at(-1)!)
    if (isNext && !names.some((name) => equalNames(name, rdata))) names.push(rdata)
  }
  return names
}

/** `runtime` has just answered the exchange, so that its query is the one in question. */
interface Answered {
  readonly question: ExplainedQuestion
  readonly exchange: Exchange
  readonly runtime: Runtime
}

function explainName(owner: Name, answered: Answered): ExplainedName {
  const { exchange, runtime } = answered
  const { snapshot, found, chainName } = runtime
  const { qtype } = exchange.query
  scanName(owner, chainName)
  lookup(snapshot.zones, chainName, qtype, found)
  const kind = kindOf(exchange, runtime)
  if (kind === 'outside') return { owner, kind }
  const apex = nodeOwner(snapshot.zones, zoneApex(snapshot.zones, found.zone))
  const zone = snapshot.zones.octets.slice(apex.start, apex.start + apex.length)
  if (kind === 'rrset' && isHinted(runtime, qtype)) return { owner, kind, zone, hints: explainHints(owner, answered) }
  if (kind !== 'steered') return { owner, kind, zone }
  const family = qtype === Rtype.AAAA ? 'ipv6' : 'ipv4'
  return { owner, kind, zone, ...explainDecision(snapshot.services[found.service]!, family, answered) }
}

/** The RRset that was found leads to steered names. */
function explainHints(owner: Name, answered: Answered): ExplainedHint[] {
  const { snapshot, found } = answered.runtime
  return steeredTargets(snapshot.zones, found.rrset, owner).flatMap(({ target, service: index }) => {
    const service = snapshot.services[index]
    if (service === undefined) return []
    return FAMILIES.map((family) => ({ target, family, ...explainDecision(service, family, answered) }))
  })
}

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6']

function explainDecision(
  service: Service,
  family: Family,
  { question, exchange, runtime }: Answered,
): ExplainedDecision {
  const { query } = exchange
  const { snapshot, client } = runtime
  const clientClass = classFor(exchange, runtime, service)
  const decision = decideFor(snapshot, { service: service.index, isIpv6: family === 'ipv6', clientClass })
  const { buckets, variants } = decision
  const scope = Math.max(
    decision.dependsOnClient ? client.scope : 0,
    buckets === undefined ? 0 : clientKeyScope(query, packKeyLengths(decision.keyLengths)),
  )
  const classOf = snapshot.maps[service.clientMap]?.classes[clientClass]
  const picked = buckets === undefined ? undefined : pickFor(service, decision, exchange)
  return {
    service,
    decision,
    ...(query.subnetLength === 0 ? {} : { scope }),
    ...(classOf === undefined ? {} : { clientClass, classOf }),
    ...(variants.length === 0 ? {} : { variant: picked?.variant ?? drawnVariant(decision, question.draw ?? 0) }),
    ...(picked === undefined ? {} : { picked }),
  }
}

function pickFor(service: Service, { keyLengths, buckets }: Decision, exchange: Exchange): ClientPick {
  const lengths = packKeyLengths(keyLengths)
  const bucket = clientBucket(exchange, bucketSeed(service.name), lengths)
  return { client: clientKey(exchange, lengths), bucket, variant: buckets![bucket]! }
}

function kindOf({ query }: Exchange, { snapshot, found }: Runtime): ExplainedKind {
  const isWhoami = found.node >= 0 && nodeService(snapshot.zones, found.node) === WHOAMI_SERVICE
  if (isWhoami && (found.kind === Found.steered || (found.kind === Found.nodata && query.qtype === Rtype.TXT))) {
    return 'whoami'
  }
  return KINDS[found.kind]!
}

const KINDS: readonly (keyof typeof Found)[] = Object.entries(Found)
  .sort(([, a], [, b]) => a - b)
  .map(([kind]) => kind as keyof typeof Found)

function exchangeFor(question: ExplainedQuestion): Exchange {
  const packet = composeMessage(queryMessage(question))
  const exchange = new Exchange(packet, new Uint8Array(MESSAGE_OCTETS_MAX))
  exchange.length = packet.length
  exchange.tcp = true
  exchange.source.set(question.resolver)
  exchange.family = question.resolver.length === 4 ? 4 : 6
  return exchange
}
