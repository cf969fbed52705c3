import { WHOLE } from '@windrose/steering'
import type { InForce } from './in-force.ts'

/**
 * By home: how those of a service's clients are placed whose home it is, in the mean by what they ask. Shares by site.
 *
 * A class that a reload or a new database has brought starts with that. Most of its clients were in another class before: sent
 * where the policy has them, they would all be back at a full site at once.
 */
export function inheritedShares(
  service: string,
  { placed, homes }: InForce,
  demand: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const classes = placed.get(service)?.classes
  if (classes === undefined || classes.size === 0) return NOBODY
  const sums = new Map<string, { weight: number; readonly shares: Map<string, number> }>()
  const add = (home: string, weight: number, parts: ReadonlyMap<string, number>): void => {
    const sum = sums.get(home) ?? { weight: 0, shares: new Map<string, number>() }
    sums.set(home, sum)
    sum.weight += weight
    for (const [site, part] of parts) sum.shares.set(site, (sum.shares.get(site) ?? 0) + (part / WHOLE) * weight)
  }
  for (const [key, { home, shares }] of classes) add(home, (demand?.get(key) ?? 0) + LEAST, shares)
  for (const [key, home] of homes.get(service) ?? []) {
    if (!classes.has(key)) add(home, (demand?.get(key) ?? 0) + LEAST, new Map([[home, WHOLE]]))
  }
  return new Map(
    [...sums].map(([home, { weight, shares }]) => [
      home,
      new Map([...shares].map(([site, share]) => [site, share / weight])),
    ]),
  )
}

const NOBODY: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map()
/** Queries a second: where nobody asks, classes count alike. */
const LEAST = 1e-6
