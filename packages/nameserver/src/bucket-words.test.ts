import { BUCKETS, type Decision } from '@windrose/steering'
import { AnswerCache, EntryKind, Variant } from './answer-cache.ts'
import { BUCKET_WORDS, bucketVariant, writeBuckets } from './bucket-words.ts'
import { Scene } from './scene.arbitraries.ts'

/** Numbers of two variants: the first buckets have the bits of the seed. */
function bucketsOf(seed: number): Uint8Array {
  const buckets = new Uint8Array(BUCKETS)
  for (let bit = 0; bit < 16; bit++) buckets[bit] = (seed >> bit) & 1
  return buckets
}

test('a table among words holds every bucket’s variant, and is written nowhere else', () => {
  const buckets = Uint8Array.from({ length: BUCKETS }, (_, i) => (i * 37) & 63)
  const words = new Int32Array(BUCKET_WORDS + 20).fill(-1)
  writeBuckets(buckets, words, 10)
  expect(Array.from(buckets, (_, bucket) => bucketVariant(words, 10, bucket))).toEqual([...buckets])
  expect([...words.slice(0, 10), ...words.slice(-10)]).toEqual(Array<number>(20).fill(-1))
})

describe('the cache', () => {
  const server = new Scene({
    zones: { 'example.org.': '' },
    services: { web: { pools: { fra: ['203.0.113.1', '203.0.113.2'] }, policy: 'consistent', answers: 1 } },
  })
  const endpoints = server.snapshot.services[0]!.pools[0]!.endpoints
  const put = (cache: AnswerCache, seed: number): number => putBuckets(cache, bucketsOf(seed))
  const putBuckets = (cache: AnswerCache, buckets: Uint8Array): number => {
    const decision: Decision = {
      variants: endpoints.map((endpoint) => ({ endpoints: [endpoint], share: 0.5 })),
      empty: 'nodata',
      pick: 'client',
      buckets,
      ground: 'up',
      keyLengths: { ipv4: 24, ipv6: 56 },
      ttl: 30,
      dependsOnClient: false,
      validUntil: Number.POSITIVE_INFINITY,
      trace: [],
      leftOut: [],
    }
    return cache.put({ service: 0, isIpv6: false, clientClass: 0, epoch: 0 }, decision, EntryKind.records)
  }
  const tableOf = (cache: AnswerCache, entry: number): string =>
    Array.from({ length: BUCKETS }, (_, bucket) => {
      const start = cache.entries[cache.variantOf(entry, bucket) + Variant.start]!
      return cache.bodies[start + 15]! - 1
    }).join('')

  test('keeps a table once for all entries that have it', () => {
    const cache = new AnswerCache(server.snapshot)
    const entries = [1, 1, 1, 2, 2].map((seed) => put(cache, seed))
    const words = entries.slice(1).map((entry, i) => entry - entries[i]!)
    expect(words).toEqual([BUCKET_WORDS + words[1]!, words[1]!, words[1]!, BUCKET_WORDS + words[1]!])
    expect(words[1]).toBeLessThan(32)
    expect(entries.map((entry) => tableOf(cache, entry))).toEqual(
      [1, 1, 1, 2, 2].map((seed) => bucketsOf(seed).join('')),
    )
  })

  test('forgets tables when it is full, and holds only what was put since', () => {
    const cache = new AnswerCache(server.snapshot)
    let last = 0
    let full = 0
    for (let entry = put(cache, 0); entry > last; entry = put(cache, full)) {
      last = entry
      full++
    }
    // What stood near the end before, and now is put again.
    const kept = [full - 2, full - 300].map((seed) => ({ seed, entry: put(cache, seed) }))
    for (let seed = full + 1; seed < full * 2 - 10; seed++) put(cache, seed)
    for (const { seed, entry } of kept) expect(tableOf(cache, entry)).toBe(bucketsOf(seed).join(''))
  })

  test('tells tables apart that have the same hash', () => {
    const cache = new AnswerCache(server.snapshot)
    const [one, other] = collidingBuckets()
    const entries = [one, other].map((buckets) => putBuckets(cache, buckets))
    const variants = entries.map((entry) => cache.variantOf(entry, 0) - entry)
    expect(variants[0]).not.toBe(variants[1])
  })
})

/** Two tables with one hash, by hand: the second word makes up for the first. Their numbers are of no variants. */
function collidingBuckets(): [Uint8Array, Uint8Array] {
  const words = new Int32Array(BUCKET_WORDS)
  const buckets = (first: number, second: number): Uint8Array => {
    const table = new Uint8Array(BUCKETS)
    new DataView(table.buffer).setInt32(0, first, true)
    new DataView(table.buffer).setInt32(4, second, true)
    return table
  }
  const step = (hash: number, word: number): number => Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15)
  const [one, other] = [step(0, 1), step(0, 2)]
  // 0x359c449b is the inverse of 0x01000193.
  const second = other ^ Math.imul(step(one, 0) ^ (other >>> 15), 0x359c449b)
  const tables: [Uint8Array, Uint8Array] = [buckets(1, 0), buckets(2, second)]
  expect(writeBuckets(tables[0], words, 0)).toBe(writeBuckets(tables[1], words, 0))
  return tables
}
