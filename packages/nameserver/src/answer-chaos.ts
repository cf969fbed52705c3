import { Rclass, Rcode, Rtype } from '@windrose/dns'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import { asciiOctets, questionRecord, textRdata } from './text-record.ts'
import { writeEmpty, writeRecords } from './write-response.ts'

/**
 * What name servers tell of themselves in class CHAOS: `version.bind`, `version.server`, `hostname.bind` and `id.server`
 * (RFC 4892). An empty setting, another name or another type is refused.
 */
export function answerChaos(exchange: Exchange, runtime: Runtime): number {
  const text = runtime.query.qtype === Rtype.TXT ? textFor(runtime) : NOTHING
  if (text.length === 0) return writeEmpty(exchange, runtime, Rcode.REFUSED, 0)
  const record = questionRecord({ rtype: Rtype.TXT, rclass: Rclass.CH, ttl: 0, rdata: textRdata([text]) })
  runtime.slice.all(record)
  return writeRecords(exchange, runtime, 1, 0)
}

function textFor(runtime: Runtime): Uint8Array {
  const { settings } = runtime.snapshot
  if (isName(runtime, 'version', 'bind') || isName(runtime, 'version', 'server')) return settings.version
  if (isName(runtime, 'hostname', 'bind') || isName(runtime, 'id', 'server')) return settings.hostname
  return NOTHING
}

/** Whether the question's name is `first.second.` */
function isName(runtime: Runtime, first: string, second: string): boolean {
  const { folded, length } = runtime.query.qname
  const wanted = [first.length, ...asciiOctets(first), second.length, ...asciiOctets(second), 0]
  return length === wanted.length && wanted.every((octet, i) => folded[i] === octet)
}

const NOTHING: Uint8Array = new Uint8Array(0)
