import { Rcode, Rtype } from '@windrose/dns'
import { type AnswerCache, type CacheKey, Entry, EntryKind, Variant } from './answer-cache.ts'
import { answerChain } from './answer-chain.ts'
import { negativeBody } from './body-image.ts'
import { Counter } from './counters.ts'
import { classFor, decideFor } from './decide-for.ts'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import { AA, writeBody, writeEmpty, writeRecords } from './write-response.ts'

/** Answers a steered name: who asks, what was decided for such clients, one draw, one copy. */
export function answerSteered(exchange: Exchange, runtime: Runtime): number {
  const { snapshot, query, client, cache, counters } = runtime
  const service = snapshot.services[runtime.found.service]!
  counters[Counter.steered]!++
  const clientClass = classFor(exchange, runtime, service)
  const isIpv6 = query.qtype === Rtype.AAAA
  const epoch = Atomics.load(snapshot.epochs, service.index)
  let entry = cache.find(service.index, isIpv6, clientClass, epoch)
  if (entry === 0) {
    counters[Counter.cacheMisses]!++
    const key: CacheKey = { service: service.index, isIpv6, clientClass, epoch }
    entry = cache.put(key, decideFor(snapshot, key))
  } else {
    counters[Counter.cacheHits]!++
  }
  if (cache.entries[entry + Entry.dependsOnClient] === 1) query.scope = client.scope
  switch (cache.entries[entry + Entry.kind]) {
    case EntryKind.records:
      return writeVariant(exchange, runtime, cache, entry)
    case EntryKind.chain:
      return answerChain(exchange, runtime)
    case EntryKind.servfail:
      return writeEmpty(exchange, runtime, Rcode.SERVFAIL, 0)
    default:
      return writeBody(exchange, runtime, negativeBody(snapshot.bodies, runtime.found.zone), Rcode.NOERROR)
  }
}

function writeVariant(exchange: Exchange, runtime: Runtime, cache: AnswerCache, entry: number): number {
  const entries = cache.entries
  const only = entries[entry + Entry.variants] === 1
  const variant = cache.variantOf(entry, only ? 0 : runtime.random())
  const slice = runtime.slice
  slice.octets = cache.bodies
  slice.start = entries[variant + Variant.start]!
  slice.length = entries[variant + Variant.length]!
  return writeRecords(exchange, runtime, entries[variant + Variant.records]!, AA)
}
