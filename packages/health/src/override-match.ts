import { matchGlob } from './glob.ts'
import type { Override, OverrideTarget } from './override.ts'

/**
 * The override that decides over an endpoint at this time: the most specific one (endpoint before pool before service
 * before site), among equals the one made last.
 */
export function findOverride(endpointId: string, overrides: readonly Override[], timeMs: number): Override | undefined {
  let best: Override | undefined
  for (const override of overrides) {
    if (isExpired(override, timeMs) || !matchesOverride(override.target, endpointId)) continue
    if (best === undefined || isStronger(override, best)) best = override
  }
  return best
}

export function isExpired(override: Override, timeMs: number): boolean {
  return override.expiresAt !== undefined && override.expiresAt <= timeMs
}

/** Whether an override speaks of an endpoint, given as `service/site/target`. */
export function matchesOverride(target: OverrideTarget, endpointId: string): boolean {
  const { service, site, endpoint } = splitEndpointId(endpointId)
  switch (target.kind) {
    case 'site':
      return matchGlob(target.site, site)
    case 'service':
      return matchGlob(target.service, service)
    case 'pool':
      return matchGlob(target.service, service) && matchGlob(target.site, site)
    case 'endpoint':
      return matchGlob(target.service, service) && matchGlob(target.site, site) && matchGlob(target.endpoint, endpoint)
  }
}

/** A sentence for every override that speaks of no endpoint: harmless, but hardly what its author meant. */
export function warnUnmatched(overrides: readonly Override[], endpointIds: readonly string[]): readonly string[] {
  return overrides
    .filter((override) => !endpointIds.some((id) => matchesOverride(override.target, id)))
    .map(
      (override) =>
        `override ${override.id} (${override.action} ${printOverrideTarget(override.target)}) matches no endpoint`,
    )
}

/** The text that readOverrideTarget reads: `site:fra`, `service:web`, `web/fra`, `web/fra/192.0.2.10`. */
export function printOverrideTarget(target: OverrideTarget): string {
  switch (target.kind) {
    case 'site':
      return `site:${target.site}`
    case 'service':
      return `service:${target.service}`
    case 'pool':
      return `${target.service}/${target.site}`
    case 'endpoint':
      return `${target.service}/${target.site}/${target.endpoint}`
  }
}

/** The parts of `service/site/target`; what is missing is empty. */
export function splitEndpointId(id: string): { service: string; site: string; endpoint: string } {
  const [service = '', site = '', ...endpoint] = id.split('/')
  return { service, site, endpoint: endpoint.join('/') }
}

/** Two made in the same millisecond are told apart by id, so that every server picks the same one. */
function isStronger(a: Override, b: Override): boolean {
  const rank = RANK[a.target.kind] - RANK[b.target.kind]
  if (rank !== 0) return rank > 0
  return a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt
}

const RANK: Readonly<Record<OverrideTarget['kind'], number>> = { site: 0, service: 1, pool: 2, endpoint: 3 }
