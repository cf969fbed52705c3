import { mixHash } from './mix-hash.ts'
import type { Endpoint } from './service.ts'

/**
 * Endpoints in an order that every server computes alike: by the hash of service and endpoint, then by id.
 *
 * Never by their place in the file and never by time, so that two servers with the same state give the same decision, and
 * that no endpoint is favoured in every service because it sorts first.
 */
export function orderByTieBreak(service: string, endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return endpoints
    .map((endpoint) => ({ endpoint, hash: tieBreakHash(service, endpoint.id) }))
    .sort((a, b) => a.hash - b.hash || compareText(a.endpoint.id, b.endpoint.id))
    .map((entry) => entry.endpoint)
}

/**
 * 32 bits from a seed and an id: FNV-1a over the UTF-16 code units, then the finalizer of MurmurHash3, because FNV alone
 * leaves ids that differ only at their end close together.
 */
export function tieBreakHash(seed: string, id: string): number {
  let hash = FNV_OFFSET
  for (const text of [seed, '\0', id]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  }
  return mixHash(hash) >>> 0
}

/** The constants of 32-bit FNV-1a (draft-eastlake-fnv). */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** By code units: a locale would order differently on different servers. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
