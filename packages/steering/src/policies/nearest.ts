import type { ClientClass } from '../client-class.ts'
import type { Step } from '../service.ts'
import type { StepRule } from '../tier.ts'

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
  split(tier, _step, client) {
    return [...tier]
      .sort((a, b) => rankSite(client, a.pool.site) - rankSite(client, b.pool.site) || a.pool.site - b.pool.site)
      .map((state) => [state])
  },
}

function rankSite(client: ClientClass, site: number): number {
  const rank = client.sites.indexOf(site)
  return rank < 0 ? client.sites.length : rank
}
