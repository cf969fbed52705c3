import { Rclass, Rtype } from '@windrose/dns'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import { asciiOctets, questionRecord, textRdata } from './text-record.ts'
import { AA, writeRecords } from './write-response.ts'

/** A question for ANY at a name that exists: one HINFO that says why there is no more (RFC 8482 4.2). */
export function answerAny(exchange: Exchange, runtime: Runtime): number {
  runtime.slice.all(RFC8482)
  return writeRecords(exchange, runtime, 1, AA)
}

const RFC8482: Uint8Array = questionRecord({
  rtype: Rtype.HINFO,
  rclass: Rclass.IN,
  ttl: 3600,
  // HINFO is two character-strings, as TXT is one or more.
  rdata: textRdata([asciiOctets('RFC8482'), new Uint8Array(0)]),
})
