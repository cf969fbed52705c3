import { assignBuckets } from './capacity/assign-buckets.ts'
import { WHOLE } from './capacity/share-row.ts'
import { type Choice, type Members, serveUp } from './choice.ts'
import type { KeyLengths } from './decision.ts'
import type { PoolState } from './pool-state.ts'
import type { Tier } from './tier.ts'

/** Where the clients of a class are sent because sites are full. */
export interface PlacedLoad {
  /** By pool of the service: parts of WHOLE; all 0 where every client goes where the policy sends it. */
  readonly shares: Uint16Array
  /** How much of a client's address decides where it goes. */
  readonly keyLengths: KeyLengths
}

/** A pool that takes clients of another. */
export interface Taker {
  readonly state: PoolState
  readonly tier: number
  readonly share: number
  readonly members: Members
}

/**
 * The pools that take a share of the clients from the one that the policy prefers, as far as they are well now: what was
 * placed is older than the verdicts, and a share of a pool that fails stays where the policy sends it. None where the policy
 * prefers several pools alike, or none that is up: then weights or the worse ground decide.
 */
export function findTakers(tiers: readonly Tier[], choice: Choice, placed: PlacedLoad | undefined): readonly Taker[] {
  const home = findHome(tiers, choice)
  if (placed === undefined || home === undefined) return []
  return tiers.flatMap((tier, index) =>
    tier.flatMap((state): Taker[] => {
      const share = (placed.shares[state.position] ?? 0) / WHOLE
      if (share === 0 || state === home || state.condition !== 'ok') return []
      const members = serveUp([state])
      const isEmpty = members === undefined || members.endpoints.length + members.nested.length === 0
      return isEmpty ? [] : [{ state, tier: index, share, members }]
    }),
  )
}

/** A pool that stands for its site without an address of the family keeps its clients: what it tells them is that. */
function findHome(tiers: readonly Tier[], { ground, tier, endpoints, nested }: Choice): PoolState | undefined {
  if (ground !== 'up' || endpoints.length + nested.length === 0) return undefined
  const [home, second] = tiers[tier]!.filter(({ condition }) => condition === 'ok')
  return second === undefined ? home : undefined
}

/** By bucket: 0 for the pool that the policy prefers, else the taker's position plus 1. */
export function placeBuckets(service: string, takers: readonly Taker[]): Uint8Array {
  const taken = takers.reduce((sum, { share }) => sum + share, 0)
  return assignBuckets(service, [
    { id: '', share: Math.max(0, 1 - taken) },
    ...takers.map(({ state, share }) => ({ id: state.pool.siteName, share })),
  ])
}
