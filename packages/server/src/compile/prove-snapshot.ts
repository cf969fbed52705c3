import {
  composeMessage,
  MESSAGE_OCTETS_MAX,
  type Name,
  parseMessage,
  printName,
  printRcode,
  printRtype,
  queryMessage,
  Rcode,
  Rtype,
} from '@windrose/dns'
import { ambientFrom, Exchange, Runtime, respond, type Snapshot } from '@windrose/nameserver'
import type { Zone } from '@windrose/zone'

/**
 * Asks a snapshot what clients would ask, before any client can: the SOA of each zone, and A and AAAA of steered names.
 * Gives a sentence about the first answer that should not be.
 *
 * This guards against mistakes of the program, not of the operator: those were found when the files were read.
 */
export function proveSnapshot(snapshot: Snapshot, zones: readonly Zone[]): string | undefined {
  const runtime = new Runtime(
    ambientFrom(() => 0),
    snapshot,
  )
  const exchange = new Exchange(new Uint8Array(0), new Uint8Array(MESSAGE_OCTETS_MAX))
  exchange.tcp = true
  const ask = (qname: Name, qtype: number): string | undefined => flawOf(exchange, runtime, qname, qtype)
  for (const { apex, steered } of zones) {
    const flaw = ask(apex, Rtype.SOA)
    if (flaw !== undefined) return flaw
    for (const { owner } of steered.slice(0, STEERED_MAX)) {
      const wrong = ask(owner, Rtype.A) ?? ask(owner, Rtype.AAAA)
      if (wrong !== undefined) return wrong
    }
  }
  return undefined
}

/** Names asked for in one zone: a hundred thousand of them are answered from the same few services. */
const STEERED_MAX = 100

function flawOf(exchange: Exchange, runtime: Runtime, qname: Name, qtype: number): string | undefined {
  exchange.take(composeMessage(queryMessage({ qname, qtype })))
  const question = `${printName(qname)} ${printRtype(qtype)}`
  let length: number
  try {
    length = respond(exchange, runtime)
  } catch (error) {
    return `the new state cannot be served: ${question} fails with ${(error as Error).message}`
  }
  const response = parseMessage(exchange.out.subarray(0, length))
  if ('malformed' in response)
    return `the new state cannot be served: the answer to ${question} is ${response.malformed}`
  const isExpected =
    response.rcode === Rcode.NOERROR
      ? qtype !== Rtype.SOA || response.answers.length > 0
      : // A service without anything to serve may be told to say so.
        response.rcode === Rcode.SERVFAIL && runtime.snapshot.services.some(({ onAllDown }) => onAllDown === 'servfail')
  return isExpected ? undefined : `the new state cannot be served: ${question} gives ${printRcode(response.rcode)}`
}
