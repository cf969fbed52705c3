import type { Decision, Service } from '@windrose/steering'
import type { ZoneImage } from '@windrose/zone'
import { type CacheKey, Entry, EntryFlag, EntryKind, KEY_SHIFT } from './answer-cache.ts'
import { clientKeyScope } from './client-key.ts'
import { Counter } from './counters.ts'
import { classFor, decideFor } from './decide-for.ts'
import type { Exchange } from './exchange.ts'
import { isServed } from './is-served.ts'
import type { Runtime } from './runtime.ts'

/**
 * The cache entry of what a service answers to the client of this query for a family: found, or decided and remembered. The query's
 * scope is narrowed to what the decision holds for.
 */
export function entryFor(exchange: Exchange, runtime: Runtime, service: Service, isIpv6: boolean): number {
  const { query } = exchange
  const { snapshot, client, cache, counters } = runtime
  counters[Counter.steered]!++
  const clientClass = classFor(exchange, runtime, service)
  // A plain load: an entry that is found under it was good a moment ago. What is decided anew is decided after the real one.
  let epoch = snapshot.epochs[service.index]!
  let entry = cache.find(service.index, isIpv6, clientClass, epoch)
  if (entry !== 0) {
    counters[Counter.cacheHits]!++
  } else {
    counters[Counter.cacheMisses]!++
    epoch = Atomics.load(snapshot.epochs, service.index)
    const key: CacheKey = { service: service.index, isIpv6, clientClass, epoch }
    const decision = decideFor(snapshot, key)
    entry = cache.put(key, decision, kindOf(decision, snapshot.zones))
  }
  const flags = cache.entries[entry + Entry.flags]!
  const demand = cache.entries[entry + Entry.demand]!
  if (demand >= 0) runtime.load[demand]!++
  if ((flags & EntryFlag.dependsOnClient) !== 0) query.scope = Math.max(query.scope, client.scope)
  if ((flags & EntryFlag.byClient) !== 0) query.scope = Math.max(query.scope, clientKeyScope(query, flags >> KEY_SHIFT))
  return entry
}

function kindOf(decision: Decision, zones: ZoneImage): EntryKind {
  if (decision.variants.length === 0) return decision.empty === 'servfail' ? EntryKind.servfail : EntryKind.nodata
  if (decision.variants.some(({ endpoints }) => endpoints.some(({ isAlias }) => isAlias === true)))
    return EntryKind.alias
  const names = decision.variants.flatMap(({ endpoints }) => endpoints.filter(({ kind }) => kind === 'name'))
  return names.some(({ target }) => isServed(zones, target)) ? EntryKind.chain : EntryKind.records
}
