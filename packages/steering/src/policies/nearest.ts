import type { Step } from '../service.ts'
import type { StepRule, Tier } from '../tier.ts'

/**
 * Nearest: one tier a pool, in the order of sites that the client's class holds.
 *
 * Distances are not known here: the client map was compiled from them, and a class is the result (the nearest few sites,
 * great-circle, with bias). Sites that the class does not list follow in the configuration's order, and a client that could
 * not be placed has that order alone: it is never placed at 0 degrees, 0 degrees. A site without coordinates is in no class,
 * so it serves only after the listed ones.
 */
export const nearest: StepRule<Extract<Step, { kind: 'nearest' }>> = {
  readsClient: true,
  split: (tier, _step, { client }) => bySites(tier, client.sites),
}

/** One tier a pool, in the order of `sites`; pools at other sites follow in the configuration's order. */
export function bySites(tier: Tier, sites: readonly number[]): readonly Tier[] {
  const rank = (site: number): number => {
    const listed = sites.indexOf(site)
    return listed < 0 ? sites.length : listed
  }
  return [...tier]
    .sort((a, b) => rank(a.pool.site) - rank(b.pool.site) || siteOrder(a.pool.site) - siteOrder(b.pool.site))
    .map((state) => [state])
}

/** A nested service at no site comes after all that are at one; of several the order of the file holds. */
function siteOrder(site: number): number {
  return site < 0 ? Number.MAX_SAFE_INTEGER : site
}
