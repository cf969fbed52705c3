import { type Choice, serveUp } from './choice.ts'
import type { Variant } from './decision.ts'
import type { Endpoint, Service } from './service.ts'
import { orderByTieBreak } from './tie-break.ts'
import type { Tier } from './tier.ts'
import { targetKey } from './variants.ts'

/** Variants with what was added to them. */
export interface Filled {
  readonly variants: readonly Variant[]
  /** What the next tiers added to every answer, in order. */
  readonly added: readonly Endpoint[]
  /** The last tier that was asked; -1 for none. */
  readonly lastTier: number
}

/**
 * Where the tier that serves has fewer addresses than `minAnswers`, every answer is filled up from the next tiers that are
 * up, in their order: behind its own addresses, as most clients try the first one first. Names stand alone and are neither
 * added nor added to.
 */
export function fillUp(
  service: Service,
  variants: readonly Variant[],
  { tiers, choice, isRefused }: { tiers: readonly Tier[]; choice: Choice; isRefused: boolean },
): Filled {
  const missing = service.minAnswers - Math.min(...variants.map(({ endpoints }) => endpoints.length))
  const isAlone = variants.some(({ endpoints }) => endpoints.some(({ kind }) => kind === 'name'))
  if (!(missing > 0) || choice.ground !== 'up' || isRefused || isAlone) return { variants, added: [], lastTier: -1 }
  const served = new Set(variants.flatMap(({ endpoints }) => endpoints.map(targetKey)))
  const groups = new Set(variants.flatMap(({ endpoints }) => endpoints.flatMap(({ group }) => group ?? [])))
  const added: Endpoint[] = []
  let lastTier = choice.tier
  while (added.length < missing && lastTier < tiers.length - 1) {
    lastTier++
    const next = serveUp(tiers[lastTier]!)?.endpoints ?? []
    for (const endpoint of orderByTieBreak(service.name, next)) {
      const isNew = !served.has(targetKey(endpoint)) && (endpoint.group === undefined || !groups.has(endpoint.group))
      if (added.length === missing || endpoint.kind === 'name' || !isNew) continue
      added.push(endpoint)
      served.add(targetKey(endpoint))
      if (endpoint.group !== undefined) groups.add(endpoint.group)
    }
  }
  const filled = variants.map(({ endpoints, share }) => ({
    endpoints: [...endpoints, ...added].slice(0, Math.max(endpoints.length, service.answers)),
    share,
  }))
  return { variants: added.length === 0 ? variants : filled, added, lastTier }
}
