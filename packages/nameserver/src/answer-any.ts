import { type Name, Rclass, type Rr, Rtype } from '@windrose/dns'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import { asciiOctets, questionRecord, textRdata } from './text-record.ts'
import { AA, writeRecords } from './write-response.ts'

/** A question for ANY at a name that exists and is no alias: one HINFO that says why there is no more (RFC 8482 4.2). */
export function answerAny(exchange: Exchange, runtime: Runtime): number {
  runtime.slice.all(OWNED_BY_QUESTION)
  return writeRecords(exchange, runtime, 1, AA)
}

/** The same record at another name, where an alias led there. */
export function anyRecord(owner: Name): Rr {
  return { owner, ...RFC8482 }
}

const RFC8482: Omit<Rr, 'owner'> = {
  rtype: Rtype.HINFO,
  rclass: Rclass.IN,
  ttl: 3600,
  // HINFO is two character-strings, as TXT is one or more.
  rdata: textRdata([asciiOctets('RFC8482'), new Uint8Array(0)]),
}
const OWNED_BY_QUESTION: Uint8Array = questionRecord(RFC8482)
