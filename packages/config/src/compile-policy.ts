import type { DrawKind, Pool, Step } from '@windrose/steering'
import { type Compilation, isKnown, reportAtKey, reportError } from './compilation.ts'
import type { PoolHold } from './configuration.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import type { StepOptions, StepSettings, TierSettings } from './schema/policy.ts'
import { valueAt } from './value-at.ts'

/** A service's policy: its steps, and how much nearer each site shall seem where a step asks for the nearest. */
export interface CompiledPolicy {
  readonly steps: readonly Step[]
  /** By site name. */
  readonly bias: Readonly<Record<string, number>>
  /** How pools that failed are held back; undefined: they are not. */
  readonly hold: PoolHold | undefined
}

/** A service whose policy is being compiled. */
export interface PolicySource {
  readonly service: string
  readonly pools: readonly Pick<Pool, 'siteName'>[]
  readonly policy: readonly StepSettings[]
}

export function compilePolicy(compilation: Compilation, source: PolicySource): CompiledPolicy {
  const compiled: MutablePolicy = { steps: [], bias: {}, hold: undefined }
  source.policy.forEach((settings, i) => {
    const path = stepPath(compilation, source.service, i)
    const options: StepOptions = typeof settings === 'string' ? {} : settings
    const kind = typeof settings === 'string' ? settings : (Object.keys(settings)[0] as keyof StepOptions)
    refuseUseless(compilation, kind, { before: compiled.steps.at(-1)?.kind, path })
    compiled.steps.push(compileStep(compilation, kind, { source, options, path, compiled }))
  })
  return compiled
}

interface MutablePolicy {
  readonly steps: Step[]
  bias: CompiledPolicy['bias']
  hold: PoolHold | undefined
}

interface StepSource {
  readonly source: PolicySource
  readonly options: StepOptions
  readonly path: DocumentPath
  readonly compiled: MutablePolicy
}

function compileStep(
  compilation: Compilation,
  kind: Step['kind'],
  { source, options, path, compiled }: StepSource,
): Step {
  switch (kind) {
    case 'failover': {
      const { tiers, hold_down = 0, failback = 'auto', trickle = 0 } = options.failover ?? {}
      if (hold_down > 0 || failback === 'manual')
        compiled.hold = { holdDownMs: hold_down, isManual: failback === 'manual' }
      return { kind, tiers: compileTiers(compilation, source, tiers, tiersPath(compilation, path)), trickle }
    }
    case 'nearest':
      if (options.nearest === undefined) return { kind }
      compiled.bias = options.nearest.bias
      for (const site of Object.keys(compiled.bias))
        poolAt(compilation, source, site, [...path, 'nearest', 'bias', site])
      return { kind }
    case 'latency': {
      const { tolerance = 10, tolerance_percent = 10 } = options.latency ?? {}
      return { kind, tolerance: { milliseconds: tolerance, percent: tolerance_percent } }
    }
    default:
      return { kind } as Step
  }
}

/** Draws end a policy, and after a step that leaves one pool in a tier there is nothing to split. */
function refuseUseless(
  compilation: Compilation,
  kind: Step['kind'],
  { before, path }: { before: Step['kind'] | undefined; path: DocumentPath },
): void {
  if (before === undefined) return
  if (isDraw(before)) reportError(compilation, path, `nothing can follow "${before}"`, 'make it the last step')
  else if (before === 'nearest' && !isDraw(kind)) {
    reportError(compilation, path, `"${kind}" has no effect after "nearest"`, 'nearest leaves one pool at a time')
  }
}

function isDraw(kind: Step['kind']): kind is DrawKind {
  return kind === 'weighted' || kind === 'consistent' || kind === 'round_robin' || kind === 'all'
}

/** The list may be all that is said of a failover. */
function tiersPath(compilation: Compilation, path: DocumentPath): DocumentPath {
  const failover = [...path, 'failover']
  return Array.isArray(valueAt(compilation.document, failover)) ? failover : [...failover, 'tiers']
}

/** Groups of pools, most preferred first; without a list, every pool is a group, in the order of the file. */
function compileTiers(
  compilation: Compilation,
  source: PolicySource,
  tiers: readonly TierSettings[] | undefined,
  path: DocumentPath,
): readonly (readonly number[])[] {
  if (tiers === undefined) return source.pools.map((_, i) => [i])
  const seen = new Set<number>()
  return tiers
    .map((tier, i) => {
      const tierPath = [...path, i]
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
  return Array.isArray(valueAt(compilation.document, path)) ? [...path, step] : path
}
