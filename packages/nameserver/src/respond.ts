import { Rclass, Rcode, Rtype } from '@windrose/dns'
import { Found, lookup } from '@windrose/zone'
import { answerAny } from './answer-any.ts'
import { answerChain } from './answer-chain.ts'
import { answerChaos } from './answer-chaos.ts'
import { answerSteered } from './answer-steered.ts'
import { answerWhoami, isWhoamiText } from './answer-whoami.ts'
import { Body, bodyWord, negativeBody } from './body-image.ts'
import { Counter } from './counters.ts'
import type { Exchange } from './exchange.ts'
import { answerHinted, isHinted } from './hinted-records.ts'
import { Parsed, parseQuery } from './parse-query.ts'
import type { Runtime } from './runtime.ts'
import { WHOAMI_SERVICE } from './whoami.ts'
import { replyOptionsLength } from './write-opt.ts'
import { writeBody, writeEmpty } from './write-response.ts'

/** What `respond` returns where nothing is sent. */
export const SILENCE = 0 as const

/**
 * The whole story of a query: octets in, octets out. Returns the length of the response, or SILENCE.
 *
 * Never throws, never waits, and makes no object for an answer that is static or remembered.
 */
export function respond(exchange: Exchange, runtime: Runtime): number {
  const { query } = exchange
  const { settings } = runtime.snapshot
  query.acceptsSubnet = settings.clientSubnet
  const parsed = parseQuery(exchange)
  query.replyOptions = replyOptionsLength(exchange, settings)
  countTransport(exchange, runtime)
  switch (parsed) {
    case Parsed.drop:
      runtime.counters[Counter.dropped]!++
      return SILENCE
    case Parsed.formerr:
      return writeEmpty(exchange, runtime, Rcode.FORMERR, 0)
    case Parsed.notimp:
      return writeEmpty(exchange, runtime, Rcode.NOTIMP, 0)
    case Parsed.badvers:
      return writeEmpty(exchange, runtime, Rcode.BADVERS, 0)
    default:
  }
  if (query.edns) runtime.counters[Counter.edns]!++
  if (query.subnetLength > 0) runtime.counters[Counter.clientSubnet]!++
  if (query.qclass === Rclass.CH) return answerChaos(exchange, runtime)
  if (query.qclass !== Rclass.IN || isTransfer(query.qtype)) return writeEmpty(exchange, runtime, Rcode.REFUSED, 0)
  return answer(exchange, runtime)
}

/** RFC 1034 4.3.2 for a question of class IN: what the zones hold for the name decides who answers. */
function answer(exchange: Exchange, runtime: Runtime): number {
  const { zones, bodies } = runtime.snapshot
  const found = runtime.found
  const { qname, qtype } = exchange.query
  lookup(zones, qname, qtype, found)
  switch (found.kind) {
    case Found.outside:
      return writeEmpty(exchange, runtime, Rcode.REFUSED, 0)
    case Found.steered:
      if (found.service === WHOAMI_SERVICE) return answerWhoami(exchange, runtime)
      return answerSteered(exchange, runtime)
    case Found.rrset:
      if (found.rrset < 0) return answerAny(exchange, runtime)
      if (isHinted(runtime, qtype)) return answerHinted(exchange, runtime)
      return writeBody(exchange, runtime, found.rrset, Rcode.NOERROR)
    case Found.referral:
      return writeBody(exchange, runtime, found.rrset, Rcode.NOERROR)
    case Found.cname:
      if (bodyWord(bodies, found.rrset, Body.leadsOn) === 1) return answerChain(exchange, runtime)
      return writeBody(exchange, runtime, found.rrset, Rcode.NOERROR)
    case Found.dname:
      return answerChain(exchange, runtime)
    case Found.nodata:
      if (isWhoamiText(exchange, runtime)) return answerWhoami(exchange, runtime)
      return writeBody(exchange, runtime, negativeBody(bodies, found.zone), Rcode.NOERROR)
    case Found.nxdomain:
      return writeBody(exchange, runtime, negativeBody(bodies, found.zone), Rcode.NXDOMAIN)
    default:
      return impossible(found.kind)
  }
}

/** Zones are not handed out: AXFR and IXFR are refused. */
function isTransfer(qtype: number): boolean {
  return qtype === Rtype.AXFR || qtype === Rtype.IXFR
}

function countTransport(exchange: Exchange, runtime: Runtime): void {
  const six = exchange.family === 6 ? 1 : 0
  runtime.counters[(exchange.tcp ? Counter.queriesTcp4 : Counter.queriesUdp4) + six]!++
}

function impossible(_kind: never): typeof SILENCE {
  return SILENCE
}
