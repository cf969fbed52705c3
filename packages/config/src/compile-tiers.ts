import type { Pool } from '@windrose/steering'
import { type Compilation, isKnown, reportAtKey, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import type { TierSettings } from './schema/policy.ts'

/** The pools that a step may speak of, in their order. */
export type NamedPools = readonly Pick<Pool, 'siteName'>[]

/** Groups of pool indexes, most preferred first, from tiers of sites at a path. A site is there once. */
export function compileTiers(
  compilation: Compilation,
  pools: NamedPools,
  { tiers, path }: { tiers: readonly TierSettings[]; path: DocumentPath },
): readonly (readonly number[])[] {
  const seen = new Set<number>()
  return tiers
    .map((tier, i) => {
      const tierPath = [...path, i]
      return [tier].flat().flatMap((site, j) => {
        const sitePath = typeof tier === 'string' ? tierPath : [...tierPath, j]
        const pool = poolAt(compilation, pools, site, sitePath)
        if (pool === undefined) return []
        if (seen.has(pool)) reportError(compilation, sitePath, `"${site}" is there twice`)
        seen.add(pool)
        return [pool]
      })
    })
    .filter((tier) => tier.length > 0)
}

/** The index of the pool at a site, or undefined and a problem when the service has none there. */
export function poolAt(
  compilation: Compilation,
  pools: NamedPools,
  site: string,
  path: DocumentPath,
): number | undefined {
  const index = pools.findIndex((pool) => pool.siteName === site)
  if (index !== -1) return index
  const names = pools.map((pool) => pool.siteName)
  const message = isKnown(compilation, 'sites', site)
    ? `the service has no pool at "${site}"`
    : `there is no site "${site}"`
  const hint = didYouMean(site, names) ?? (names.length === 0 ? undefined : `its pools are at ${names.join(', ')}`)
  reportAtKey(compilation, { severity: 'error', path, message, hint })
  return undefined
}
