import { Rcode, Rtype } from '@windrose/dns'
import { Entry, EntryKind, Variant } from './answer-cache.ts'
import { answerEntryChain } from './answer-chain.ts'
import { negativeBody } from './body-image.ts'
import { countLoad } from './count-load.ts'
import type { Exchange } from './exchange.ts'
import { pickVariant } from './pick-variant.ts'
import type { Runtime } from './runtime.ts'
import { entryFor } from './steered-entry.ts'
import { AA, writeBody, writeEmpty, writeRecords } from './write-response.ts'

/** Answers a steered name: who asks, what was decided for such clients, one draw or one bucket, one copy. */
export function answerSteered(exchange: Exchange, runtime: Runtime): number {
  const { snapshot, found, cache } = runtime
  const entry = entryFor(exchange, runtime, snapshot.services[found.service]!, exchange.query.qtype === Rtype.AAAA)
  switch (cache.entries[entry + Entry.kind]) {
    case EntryKind.records:
      return writeVariant(exchange, runtime, entry)
    case EntryKind.chain:
    case EntryKind.alias:
      return answerEntryChain(exchange, runtime, entry)
    case EntryKind.servfail:
      return writeEmpty(exchange, runtime, Rcode.SERVFAIL, 0)
    default:
      return writeBody(exchange, runtime, negativeBody(snapshot.bodies, found.zone), Rcode.NOERROR)
  }
}

function writeVariant(exchange: Exchange, runtime: Runtime, entry: number): number {
  const { cache, slice, load } = runtime
  const { entries } = cache
  const variant = pickVariant(exchange, runtime, entry)
  slice.octets = cache.bodyOctets
  slice.start = entries[variant + Variant.start]!
  slice.length = entries[variant + Variant.length]!
  const length = writeRecords(exchange, runtime, entries[variant + Variant.records]!, AA)
  // One that is truncated leads nobody anywhere: the client asks again.
  if (exchange.outView.getUint16(6) !== 0) countLoad(cache, variant, load)
  return length
}
