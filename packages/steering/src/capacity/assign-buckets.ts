import { BUCKETS } from '../client-bucket.ts'
import { mixHash } from '../mix-hash.ts'
import { tieBreakHash } from '../tie-break.ts'
import { apportion } from './share-row.ts'

/** A site in the shares of one client class. */
export interface SiteShare {
  /** The site's name: it decides which buckets the site takes, wherever it stands in a list. */
  readonly id: string
  /** 0 to 1. */
  readonly share: number
}

/**
 * Gives each bucket of a service's clients a site, by shares: by bucket, a position in `sites`, of which the first is the
 * clients' home. Every site has its share of the buckets to 1/4096, by largest remainder. The same on every server, for it
 * depends on nothing but service, names and shares.
 *
 * Every other site has an order of all buckets of its own and takes the best that are free; the home keeps the rest. So
 *
 *   a site whose share grows keeps all that it had, and takes its new buckets from the home;
 *   a site whose share shrinks gives its last ones back;
 *   a home with one site to spill to moves exactly what the shares say.
 *
 * Where several take, one may want a bucket that another holds; sites are served by a hash of their names, and the later
 * one takes its next best instead. That moves a bucket more than need be, about as often as the others' shares are large.
 * (No table that is made of shares alone can do without for three sites and more, whatever its order.)
 */
export function assignBuckets(service: string, sites: readonly SiteShare[]): Uint8Array {
  const buckets = new Uint8Array(BUCKETS)
  const counts = new Uint16Array(sites.length)
  apportion(
    sites.map(({ share }) => share),
    BUCKETS,
    counts,
  )
  const takers = sites
    .map(({ id }, position) => ({ position, seed: tieBreakHash(`spill of ${service}`, id), id }))
    .filter(({ position }) => position > 0 && counts[position]! > 0)
    .sort((a, b) => a.seed - b.seed || (a.id < b.id ? -1 : 1))
  const isTaken = new Uint8Array(BUCKETS)
  for (const { position, seed } of takers) {
    let wanted = counts[position]!
    for (let rank = 0; wanted > 0; rank++) {
      const bucket = bucketOfRank(seed, rank)
      if (isTaken[bucket] === 1) continue
      isTaken[bucket] = 1
      buckets[bucket] = position
      wanted--
    }
  }
  return buckets
}

/**
 * The bucket that a site ranks at a place: a permutation of all buckets, seeded, so that the best few are found without
 * sorting them all. A Feistel network over the two halves of a number (Luby and Rackoff 1988).
 */
function bucketOfRank(seed: number, rank: number): number {
  let left = rank >>> HALF_BITS
  let right = rank & HALF_MASK
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = left ^ (mixHash(seed ^ mixHash(right * ROUNDS + round + 1)) & HALF_MASK)
    left = right
    right = mixed
  }
  return (left << HALF_BITS) | right
}

const ROUNDS = 4
const HALF_BITS = Math.log2(BUCKETS) / 2
const HALF_MASK = (1 << HALF_BITS) - 1
