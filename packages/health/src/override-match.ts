import { compileGlob } from './glob.ts'
import type { Override, OverrideTarget } from './override.ts'

/**
 * Finds the override that decides over an endpoint, given as `service/site/target`, at this time: the most specific one
 * (endpoint before pool before service before site), among equals the one made last.
 */
export function rankOverrides(
  overrides: readonly Override[],
  timeMs: number,
): (endpointId: string) => Override | undefined {
  const ranked = overrides
    .filter((override) => !isExpired(override, timeMs))
    .sort(strongestFirst)
    .map((override) => ({ override, matches: compileTarget(override.target) }))
  return (endpointId) => {
    if (ranked.length === 0) return undefined
    const parts = splitEndpointId(endpointId)
    return ranked.find(({ matches }) => matches(parts))?.override
  }
}

export function isExpired(override: Override, timeMs: number): boolean {
  return override.expiresAt !== undefined && override.expiresAt <= timeMs
}

/** Whether an override speaks of an endpoint, given as `service/site/target`. */
export function matchesOverride(target: OverrideTarget, endpointId: string): boolean {
  return compileTarget(target)(splitEndpointId(endpointId))
}

function compileTarget(target: OverrideTarget): (endpoint: EndpointParts) => boolean {
  const service = 'service' in target ? compileGlob(target.service) : isAny
  const site = 'site' in target ? compileGlob(target.site) : isAny
  const address = 'endpoint' in target ? compileGlob(target.endpoint) : isAny
  return (endpoint) => service(endpoint.service) && site(endpoint.site) && address(endpoint.endpoint)
}

function isAny(): boolean {
  return true
}

/** A sentence for every override that speaks of no endpoint: harmless, but hardly what its author meant. */
export function warnUnmatched(overrides: readonly Override[], endpointIds: readonly string[]): readonly string[] {
  const endpoints = endpointIds.map(splitEndpointId)
  return overrides
    .filter((override) => !endpoints.some(compileTarget(override.target)))
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

export interface EndpointParts {
  readonly service: string
  readonly site: string
  readonly endpoint: string
}

/** The parts of `service/site/target`; what is missing is empty. */
export function splitEndpointId(id: string): EndpointParts {
  const [service = '', site = '', ...endpoint] = id.split('/')
  return { service, site, endpoint: endpoint.join('/') }
}

/** Two made in the same millisecond are told apart by id, so that every server picks the same one. */
function strongestFirst(a: Override, b: Override): number {
  const rank = RANK[b.target.kind] - RANK[a.target.kind]
  if (rank !== 0) return rank
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt
  return a.id > b.id ? -1 : 1
}

const RANK: Readonly<Record<OverrideTarget['kind'], number>> = { site: 0, service: 1, pool: 2, endpoint: 3 }
