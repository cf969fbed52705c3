import { mixHash } from './mix-hash.ts'
import { tieBreakHash } from './tie-break.ts'

/** Buckets that clients fall into where an answer is picked by client. A power of two. */
export const BUCKETS = 4096

const BUCKET_BITS = 12

/** Seeds the hash of a service's clients, so that what shares a bucket of one service does not in another. */
export function bucketSeed(service: string): number {
  return tieBreakHash(service, 'clients') | 0
}

/**
 * The bucket of a client, 0 to BUCKETS - 1: a hash of the service's seed and the first 64 bits of the masked address as
 * two integers. An IPv4 address is the first of them.
 */
export function bucketOf(seed: number, first: number, second: number): number {
  return mixHash(mixHash(seed ^ first) ^ second) >>> (32 - BUCKET_BITS)
}
