import { allSteps, type Family, type Service, type Step } from '@windrose/steering'
import type { Zone } from '@windrose/zone'
import { type Compilation, reportAtKey } from './compilation.ts'
import { servicesWithin } from './nest-services.ts'

/**
 * Warns of answers that do not fit into a UDP response: resolvers then ask again over TCP, every time the TTL ends.
 *
 * Counted is the largest answer that the policy can give, at the longest of the names that are steered to the service.
 */
export function warnOfLargeAnswers(
  compilation: Compilation,
  services: readonly Service[],
  zones: readonly Zone[],
): void {
  const payload = compilation.settings.server.edns_payload
  const longest = new Map<number, number>()
  for (const { owner, service } of zones.flatMap(({ steered }) => steered)) {
    longest.set(service, Math.max(longest.get(service) ?? 0, owner.length))
  }
  for (const service of services) {
    const nameOctets = longest.get(service.index)
    if (nameOctets === undefined) continue
    for (const family of ['ipv4', 'ipv6'] satisfies Family[]) {
      const counts = servicesWithin(service).map((one) => ({
        one,
        count: Math.min(one.answers, largestTier(one, family)),
      }))
      const { one: largest, count } = counts.reduce((most, other) => (other.count > most.count ? other : most))
      const octets = FIXED_OCTETS + nameOctets + count * RECORD_OCTETS[family]
      if (octets <= payload) continue
      const path = ['services', service.name]
      const kind = family === 'ipv4' ? 'IPv4' : 'IPv6'
      const message = `an answer with ${count} ${kind} addresses has ${octets} octets, more than the ${payload} of a UDP response`
      const most = Math.floor((payload - FIXED_OCTETS - nameOctets) / RECORD_OCTETS[family])
      const hint = hintFor(service, largest, Math.min(most, ANSWERS_MAX))
      reportAtKey(compilation, { severity: 'warning', path, message, hint })
    }
  }
}

/** What `answers` may be. */
const ANSWERS_MAX = 64

/** The draw `all` answers every endpoint, whatever `answers` says. */
function hintFor(service: Service, largest: Service, answers: number): string {
  const place = largest.index === service.index ? '' : ` in services.${largest.name}`
  const answersAll = allSteps(largest.steps).some(({ kind }) => kind === 'all')
  return answersAll ? `round_robin instead of all, and answers: ${answers}${place}` : `answers: ${answers}${place}`
}

/** The most endpoints of a family that one tier of the policy can hold. */
function largestTier(service: Service, family: Family): number {
  const sizes = service.pools.map(
    ({ endpoints }) => endpoints.filter(({ kind, weight }) => kind === family && weight > 0).length,
  )
  const all = service.pools.map((_, pool) => pool)
  const sizeOf = (tier: Tier): number => tier.reduce((sum, pool) => sum + (sizes[pool] ?? 0), 0)
  const largest = (tiers: readonly Tier[], [step, ...following]: readonly Step[]): number => {
    if (step === undefined) return Math.max(0, ...tiers.map(sizeOf))
    const split = (groups: readonly Tier[]): readonly Tier[] =>
      tiers.flatMap((tier) => groups.map((group) => group.filter((pool) => tier.includes(pool))))
    const unlisted = (groups: readonly Tier[]): Tier => all.filter((pool) => !groups.flat().includes(pool))
    switch (step.kind) {
      case 'nearest':
        return largest(split(all.map((pool) => [pool])), following)
      case 'failover':
        return largest(split([...step.tiers, ...unlisted(step.tiers).map((pool) => [pool])]), following)
      case 'geo': {
        const sizesByArea = step.areas.map(({ tiers: listed, fence, steps }) =>
          largest(split(fence ? listed : [...listed, unlisted(listed)]), steps ?? following),
        )
        return Math.max(...sizesByArea)
      }
      default:
        return largest(tiers, following)
    }
  }
  return largest([all], service.steps)
}

/** Pool indexes. */
type Tier = readonly number[]

/** Header, type and class of the question, OPT with a client subnet and a cookie (RFC 7871, RFC 7873). */
const FIXED_OCTETS: number = 12 + 4 + 11 + 24 + 28

/** A pointer to the question, type, class, TTL, length, and the address. */
const RECORD_OCTETS: Readonly<Record<Family, number>> = { ipv4: 16, ipv6: 28 }
