import {
  composeClientSubnet,
  composeMessage,
  EdnsOption,
  type Message,
  type Name,
  Opcode,
  parseMessage,
  Rclass,
  Rtype,
} from '@windrose/dns'
import type { Address, Prefix } from '@windrose/ip'
import type { ClientClass, Decision, Service } from '@windrose/steering'
import { Found, lookup, nodeOwner, scanQname, zoneApex } from '@windrose/zone'
import { classFor, decideFor } from './decide-for.ts'
import { Exchange } from './exchange.ts'
import { respond } from './respond.ts'
import { ambientFrom, Runtime } from './runtime.ts'
import type { Snapshot } from './snapshot.ts'
import { WHOAMI_SERVICE } from './whoami.ts'

/** What is to be explained: a question, and who asks. */
export interface ExplainedQuestion {
  readonly qname: Name
  readonly qtype: number
  /** The client subnet that the resolver would send; left out, it sends none. */
  readonly client?: Prefix
  readonly resolver: Address
}

/** Why a question is answered as it is. */
export interface Explanation {
  /** The response itself, as sent over TCP. */
  readonly response: Message
  /** The names of the chain in their order: the question's, then each alias's target that was looked up. */
  readonly names: readonly ExplainedName[]
}

export interface ExplainedName {
  readonly owner: Name
  readonly kind: keyof typeof Found
  /** The apex of the zone that answers. */
  readonly zone?: Name
  readonly service?: Service
  /** The client's class: its number in the service's map, and what it stands for. */
  readonly clientClass?: number
  readonly classOf?: ClientClass
  /** Prefix length for which the decision holds. */
  readonly scope?: number
  readonly decision?: Decision
}

/**
 * Explains an answer by giving it: the question is asked of `respond`, then each name that the response walked over is
 * looked up and decided again by the functions that made the response. Off the path; undefined for a question so long
 * that no message holds it.
 */
export function explain(question: ExplainedQuestion, snapshot: Snapshot): Explanation | undefined {
  const packet = composeMessage(queryOf(question))
  const exchange = new Exchange(packet, new Uint8Array(65535))
  exchange.length = packet.length
  exchange.tcp = true
  exchange.family = question.resolver.length === 4 ? 4 : 6
  exchange.source.set(question.resolver)
  const runtime = new Runtime(
    ambientFrom(() => 0),
    snapshot,
  )
  const length = respond(exchange, runtime)
  const response = parseMessage(exchange.out.slice(0, length))
  if ('malformed' in response) return undefined
  const targets = response.answers.filter(({ rtype }) => rtype === Rtype.CNAME && question.qtype !== Rtype.CNAME)
  const owners = [question.qname, ...targets.map(({ rdata }) => rdata)]
  return { response, names: owners.map((owner) => explainName(exchange, runtime, owner)) }
}

function explainName(exchange: Exchange, runtime: Runtime, owner: Name): ExplainedName {
  const { snapshot, found, query, client, chainName } = runtime
  scanQname(owner, 0, owner.length, chainName)
  lookup(snapshot.zones, chainName, query.qtype, found)
  const kind = KINDS[found.kind]!
  if (found.zone < 0) return { owner, kind }
  const apex = nodeOwner(snapshot.zones, zoneApex(snapshot.zones, found.zone))
  const zone = snapshot.zones.octets.slice(apex.start, apex.start + apex.length)
  const service = snapshot.services[found.service]
  if (found.kind !== Found.steered || found.service === WHOAMI_SERVICE || service === undefined) {
    return { owner, kind, zone }
  }
  const clientClass = classFor(exchange, runtime, service)
  const decision = decideFor(snapshot, { service: service.index, isIpv6: query.qtype === Rtype.AAAA, clientClass })
  const classOf = snapshot.maps[service.clientMap]?.classes[clientClass]
  const scope = decision.dependsOnClient ? client.scope : 0
  return { owner, kind, zone, service, clientClass, ...(classOf === undefined ? {} : { classOf }), scope, decision }
}

const KINDS = Object.keys(Found) as (keyof typeof Found)[]

function queryOf({ qname, qtype, client }: ExplainedQuestion): Message {
  const options = client === undefined ? [] : [{ code: EdnsOption.CLIENT_SUBNET, data: subnetData(client) }]
  return {
    id: 0,
    qr: false,
    opcode: Opcode.QUERY,
    aa: false,
    tc: false,
    rd: false,
    ra: false,
    z: false,
    ad: false,
    cd: false,
    rcode: 0,
    questions: [{ qname, qtype, qclass: Rclass.IN }],
    answers: [],
    authorities: [],
    additionals: [],
    edns: { payloadSize: 1232, version: 0, dnssecOk: false, options },
  }
}

function subnetData({ address, length }: Prefix): Uint8Array {
  return composeClientSubnet({
    family: address.length === 4 ? 1 : 2,
    sourceLength: length,
    scopeLength: 0,
    address: address.slice(0, Math.ceil(length / 8)),
  })
}
