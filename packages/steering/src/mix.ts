import { BUCKETS } from './client-bucket.ts'
import { VARIANTS_MAX, type Variant } from './decision.ts'
import type { Spread } from './fill-buckets.ts'
import { mixHash } from './mix-hash.ts'

/** One of several sources of answers. */
export interface Part {
  /** Above 0; the shares of all parts sum to 1. */
  readonly share: number
  readonly spread: Spread
}

/** Answers of all parts, each as often as its part's share says; which one is drawn. */
export function mixByDraw(parts: readonly Part[]): Spread {
  if (parts.length === 1) return parts[0]!.spread
  const merged = new Map<string, { endpoints: Variant['endpoints']; share: number }>()
  for (const { share, spread } of parts) {
    for (const variant of spread.variants) {
      const key = variantKey(variant)
      const known = merged.get(key)
      if (known === undefined) merged.set(key, { endpoints: variant.endpoints, share: variant.share * share })
      else known.share += variant.share * share
    }
  }
  return { variants: thinOut([...merged.values()]), buckets: undefined }
}

/** Answers of all parts, where a client's bucket says from which: `partOf` gives its position in `parts`. */
export function mixByClient(parts: readonly Part[], partOf: (bucket: number) => number): Spread {
  if (parts.length === 1) return parts[0]!.spread
  const numbers = parts.map(({ spread }) => numberBuckets(spread))
  const counts = parts.map(({ spread }) => new Uint32Array(spread.variants.length))
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const part = partOf(bucket)
    counts[part]![numbers[part]![bucket]!]!++
  }
  const kept = keepVariants(parts, counts)
  const found = new Map<string, { endpoints: Variant['endpoints']; buckets: number; number: number }>()
  const buckets = new Uint8Array(BUCKETS)
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const part = partOf(bucket)
    const number = numbers[part]![bucket]!
    const list = kept[part]!
    const chosen = list.includes(number) ? number : list[(mixHash(bucket) >>> 0) % list.length]!
    const { endpoints } = parts[part]!.spread.variants[chosen]!
    const key = variantKey({ endpoints })
    let variant = found.get(key)
    if (variant === undefined) {
      variant = { endpoints, buckets: 0, number: found.size }
      found.set(key, variant)
    }
    variant.buckets++
    buckets[bucket] = variant.number
  }
  const variants = [...found.values()].map((variant) => ({
    endpoints: variant.endpoints,
    share: variant.buckets / BUCKETS,
  }))
  return { variants, buckets: variants.length > 1 ? buckets : undefined }
}

/** The variant of each bucket, also where a part has no table: then each has its share of the buckets, by hash. */
function numberBuckets({ variants, buckets }: Spread): Uint8Array {
  if (buckets !== undefined) return buckets
  const numbers = new Uint8Array(BUCKETS)
  if (variants.length === 1) return numbers
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    let left = (mixHash(bucket ^ SPREAD_SEED) >>> 0) / 2 ** 32
    let number = 0
    while (number < variants.length - 1 && left >= variants[number]!.share) left -= variants[number++]!.share
    numbers[bucket] = number
  }
  return numbers
}

/** By part: the variants that stay where there are more than a decision holds, those of most clients; at least one each. */
function keepVariants(parts: readonly Part[], counts: readonly Uint32Array[]): readonly (readonly number[])[] {
  const used = parts.map((_, part) => [...counts[part]!.keys()].filter((number) => counts[part]![number]! > 0))
  const total = used.reduce((sum, numbers) => sum + numbers.length, 0)
  if (total <= VARIANTS_MAX) return used
  return used.map((numbers, part) => {
    const room = Math.max(1, Math.floor((VARIANTS_MAX * numbers.length) / total))
    return numbers
      .sort((a, b) => counts[part]![b]! - counts[part]![a]! || a - b)
      .slice(0, room)
      .sort((a, b) => a - b)
  })
}

/** No more variants than a decision holds: where there are more, an even sample of their draws. */
function thinOut(variants: readonly Variant[]): readonly Variant[] {
  if (variants.length <= VARIANTS_MAX) return variants
  const sampled = new Map<number, number>()
  let number = 0
  let end = variants[0]!.share
  for (let tooth = 0; tooth < VARIANTS_MAX; tooth++) {
    const point = (tooth + 0.5) / VARIANTS_MAX
    while (end <= point && number < variants.length - 1) end += variants[++number]!.share
    sampled.set(number, (sampled.get(number) ?? 0) + 1 / VARIANTS_MAX)
  }
  return [...sampled].map(([sample, share]) => ({ endpoints: variants[sample]!.endpoints, share }))
}

function variantKey({ endpoints }: Pick<Variant, 'endpoints'>): string {
  return endpoints.map(({ index }) => index).join()
}

const SPREAD_SEED = 0x51ed270b
