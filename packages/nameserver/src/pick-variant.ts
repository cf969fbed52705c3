import { Entry, EntryFlag, KEY_SHIFT } from './answer-cache.ts'
import { clientBucket } from './client-key.ts'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'

/** Position of the variant that answers this query, of an entry that has some: drawn, or that of the client's bucket. */
export function pickVariant(exchange: Exchange, runtime: Runtime, entry: number): number {
  const { cache } = runtime
  const flags = cache.entries[entry + Entry.flags]!
  if ((flags & EntryFlag.byClient) === 0) return cache.draw(entry, runtime.random)
  return cache.variantOf(entry, clientBucket(exchange, cache.seedOf(entry), flags >> KEY_SHIFT))
}
