import type { Pool, Step } from '@windrose/steering'
import { type Compilation, isKnown, reportAtKey, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import type { StepOptions, StepSettings } from './schema/policy.ts'

/** A service's policy: its steps, and how much nearer each site shall seem where a step asks for the nearest. */
export interface CompiledPolicy {
  readonly steps: readonly Step[]
  /** By site name. */
  readonly bias: Readonly<Record<string, number>>
}

/** A service whose policy is being compiled. */
export interface PolicySource {
  readonly service: string
  readonly pools: readonly Pool[]
  readonly policy: readonly StepSettings[]
}

export function compilePolicy(compilation: Compilation, source: PolicySource): CompiledPolicy {
  const steps: Step[] = []
  let bias: Readonly<Record<string, number>> = {}
  source.policy.forEach((settings, i) => {
    const path = stepPath(compilation, source.service, i)
    const options: StepOptions = typeof settings === 'string' ? {} : settings
    const kind = typeof settings === 'string' ? settings : settings.failover === undefined ? 'nearest' : 'failover'
    const before = steps.at(-1)?.kind
    if (before === 'weighted' || before === 'consistent') {
      reportError(compilation, path, `nothing can follow "${before}"`, 'make it the last step')
    } else if (before === 'nearest' && kind !== 'weighted' && kind !== 'consistent') {
      reportError(compilation, path, `"${kind}" has no effect after "nearest"`, 'nearest leaves one pool at a time')
    }
    if (kind === 'failover')
      steps.push({ kind, tiers: compileTiers(compilation, source, options.failover, path), trickle: 0 })
    else steps.push({ kind })
    if (options.nearest !== undefined) {
      bias = options.nearest.bias
      for (const site of Object.keys(bias)) {
        poolAt(compilation, source, site, [...path, 'nearest', 'bias', site])
      }
    }
  })
  return { steps, bias }
}

/** Groups of pools, most preferred first; without a list, every pool is a group, in the order of the file. */
function compileTiers(
  compilation: Compilation,
  source: PolicySource,
  tiers: StepOptions['failover'],
  path: DocumentPath,
): readonly (readonly number[])[] {
  if (tiers === undefined) return source.pools.map((_, i) => [i])
  const seen = new Set<number>()
  return tiers
    .map((tier, i) => {
      const tierPath = [...path, 'failover', i]
      return [tier].flat().flatMap((site, j) => {
        const sitePath = typeof tier === 'string' ? tierPath : [...tierPath, j]
        const pool = poolAt(compilation, source, site, sitePath)
        if (pool === undefined) return []
        if (seen.has(pool)) reportError(compilation, sitePath, `"${site}" is there twice`)
        seen.add(pool)
        return [pool]
      })
    })
    .filter((tier) => tier.length > 0)
}

/** The index of the pool at a site, or undefined and a problem when the service has none there. */
function poolAt(compilation: Compilation, source: PolicySource, site: string, path: DocumentPath): number | undefined {
  const index = source.pools.findIndex((pool) => pool.siteName === site)
  if (index !== -1) return index
  const names = source.pools.map((pool) => pool.siteName)
  const message = isKnown(compilation, 'sites', site)
    ? `the service has no pool at "${site}"`
    : `there is no site "${site}"`
  const hint = didYouMean(site, names) ?? (names.length === 0 ? undefined : `its pools are at ${names.join(', ')}`)
  reportAtKey(compilation, { severity: 'error', path, message, hint })
  return undefined
}

/** A policy of one step may be written without a list. */
function stepPath(compilation: Compilation, service: string, step: number): DocumentPath {
  const path = ['services', service, 'policy']
  const root = compilation.document.value as { services: Record<string, { policy?: unknown }> }
  return Array.isArray(root.services[service]?.policy) ? [...path, step] : path
}
