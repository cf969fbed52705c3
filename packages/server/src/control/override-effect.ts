import { type EndpointStatus, matchesOverride, type Override } from '@windrose/health'
import { type Endpoint, type Service, Verdict } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** What an override means for those who are served. */
export interface OverrideEffect {
  /** Ids of the endpoints that the target matches. */
  readonly endpoints: readonly string[]
  /** Names of their services. */
  readonly services: readonly string[]
  /** The longest TTL that answers of these services can have. */
  readonly ttlSeconds: number
  /** Sentences about users that may be left without a place to go. */
  readonly warnings: readonly string[]
}

type Served = Pick<ServedConfiguration, 'services' | 'sites' | 'endpoints'>

/**
 * Foresees what an override does. `statuses` are the endpoints as they stand without it, in the order of the table.
 *
 * Two things are warned of when traffic is taken away: an address family of a service in which nothing is left that is
 * up, and sites that together have less capacity than what leaves. How much of it is in use is not known here.
 */
export function foreseeOverride(
  override: Pick<Override, 'target' | 'action'>,
  { services, sites, endpoints }: Served,
  statuses: readonly EndpointStatus[],
): OverrideEffect {
  const matched = new Set(statuses.filter(({ id }) => matchesOverride(override.target, id)).map(({ id }) => id))
  const affected = services.filter((_, index) =>
    endpoints.some(({ service, endpoint }) => service === index && matched.has(endpoint.id)),
  )
  const serving = endpoints.flatMap(({ endpoint, service, site }): ServingEndpoint[] =>
    isServing(endpoint, statuses[endpoint.index])
      ? [{ endpoint, service, site, leaves: matched.has(endpoint.id) }]
      : [],
  )
  const warnings = affected.flatMap((service) => {
    const own = serving.filter((one) => one.service === service.index)
    const lost = warnOfEmptyFamilies(service, own)
    return lost.length > 0 ? lost : warnOfCapacity(service, own, sites)
  })
  return {
    endpoints: [...matched],
    services: affected.map(({ name }) => name),
    ttlSeconds: Math.max(0, ...affected.map(({ ttl }) => ttl.max)),
    warnings: override.action === 'up' ? [] : warnings,
  }
}

interface ServingEndpoint {
  readonly endpoint: Endpoint
  readonly service: number
  readonly site: number
  readonly leaves: boolean
}

function isServing(endpoint: Endpoint, status: EndpointStatus | undefined): boolean {
  return endpoint.weight > 0 && status?.effective === Verdict.up && !status.drained
}

function warnOfEmptyFamilies(service: Service, serving: readonly ServingEndpoint[]): string[] {
  return FAMILIES.flatMap(({ family, name }) => {
    const own = serving.filter(({ endpoint }) => endpoint.kind === family || endpoint.kind === 'name')
    const leaves = own.some((one) => one.leaves)
    return leaves && own.every((one) => one.leaves) ? [`${service.name}: nothing else is up for ${name}`] : []
  })
}

const FAMILIES = [
  { family: 'ipv4', name: 'IPv4' },
  { family: 'ipv6', name: 'IPv6' },
] as const

/** A site's capacity is taken to be spread over its endpoints of the service by their weights. */
function warnOfCapacity(service: Service, serving: readonly ServingEndpoint[], sites: Served['sites']): string[] {
  const weights = new Map<number, { leaving: number; staying: number }>()
  for (const { site, endpoint, leaves } of serving) {
    const weight = weights.get(site) ?? { leaving: 0, staying: 0 }
    weight[leaves ? 'leaving' : 'staying'] += endpoint.weight
    weights.set(site, weight)
  }
  const units = new Set<string>()
  let leavingCapacity = 0
  let stayingCapacity = 0
  for (const [site, { leaving, staying }] of weights) {
    const capacity = sites[site]?.capacity
    // With one site unsaid, or in another unit, the sums say nothing.
    if (capacity === undefined) return []
    units.add(capacity.unit)
    leavingCapacity += (capacity.value * leaving) / (leaving + staying)
    stayingCapacity += (capacity.value * staying) / (leaving + staying)
  }
  if (units.size > 1 || stayingCapacity >= leavingCapacity) return []
  const numbers = `${Math.round(stayingCapacity)}, less than the ${Math.round(leavingCapacity)} that leave`
  return [`${service.name}: what remains has capacity ${numbers}`]
}
