import type { AreaTable, Database } from '@windrose/geo'
import type { DrawKind, Step } from '@windrose/steering'
import { type Compilation, reportError } from './compilation.ts'
import { compileGeoStep, type NamedArea } from './compile-geo-step.ts'
import { compileTiers, type NamedPools, poolAt } from './compile-tiers.ts'
import type { PoolHold } from './configuration.ts'
import type { DocumentPath } from './document-path.ts'
import type { StepOptions, StepSettings } from './schema/policy.ts'
import { valueAt } from './value-at.ts'

/** A service's policy: its steps, and how much nearer each site shall seem where a step asks for the nearest. */
export interface CompiledPolicy {
  readonly steps: readonly Step[]
  /** By site name. */
  readonly bias: Readonly<Record<string, number>>
  /** How pools that failed are held back; undefined: they are not. */
  readonly hold: PoolHold | undefined
  /** Whose clients the areas of its geo steps have, by the steps' `table`. */
  readonly areas: readonly AreaTable[]
  /** What they name, and where. */
  readonly namedAreas: readonly NamedArea[]
}

/** A service whose policy is being compiled. */
export interface PolicySource {
  readonly service: string
  readonly pools: NamedPools
  readonly policy: readonly StepSettings[]
  /** What can be known of clients; undefined where that cannot be told. */
  readonly databases: readonly Database[] | undefined
}

export function compilePolicy(compilation: Compilation, source: PolicySource): CompiledPolicy {
  const compiled: MutablePolicy = { bias: {}, hold: undefined, areas: [], namedAreas: [] }
  const path = ['services', source.service, 'policy']
  const steps = compileSteps(compilation, { source, compiled, policy: source.policy, path })
  return { ...compiled, steps }
}

interface StepsSource {
  readonly source: PolicySource
  readonly compiled: MutablePolicy
  readonly policy: readonly StepSettings[]
  readonly path: DocumentPath
}

/** The steps of a service, or those of one of its areas. */
function compileSteps(compilation: Compilation, { source, compiled, policy, path }: StepsSource): readonly Step[] {
  let before: Step['kind'] | undefined
  return policy.map((settings, i) => {
    const options: StepOptions = typeof settings === 'string' ? {} : settings
    const kind = typeof settings === 'string' ? settings : (Object.keys(settings)[0] as keyof StepOptions)
    const place = stepPath(compilation, path, i)
    refuseUseless(compilation, kind, { before, path: place })
    before = kind
    return compileStep(compilation, kind, { source, options, path: place, compiled })
  })
}

interface MutablePolicy {
  readonly areas: AreaTable[]
  readonly namedAreas: NamedArea[]
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
      if (hold_down > 0 || failback === 'manual') {
        setHold(compilation, { holdDownMs: hold_down, isManual: failback === 'manual' }, { compiled, path })
      }
      const listed =
        tiers === undefined
          ? source.pools.map((_, i) => [i])
          : compileTiers(compilation, source.pools, { tiers, path: tiersPath(compilation, path) })
      return { kind, tiers: listed, trickle }
    }
    case 'nearest':
      if (options.nearest === undefined) return { kind }
      addBias(compilation, options.nearest.bias, { source, compiled, path: [...path, 'nearest', 'bias'] })
      return { kind }
    case 'latency': {
      const { tolerance = 10, tolerance_percent = 10 } = options.latency ?? {}
      return { kind, tolerance: { milliseconds: tolerance, percent: tolerance_percent } }
    }
    case 'geo': {
      const step = compileGeoStep(compilation, {
        pools: source.pools,
        databases: source.databases,
        settings: options.geo!,
        path: [...path, 'geo'],
        compileSteps: (policy, place) => compileSteps(compilation, { source, compiled, policy, path: place }),
      })
      compiled.namedAreas.push(...step.written)
      return { kind, table: compiled.areas.push(step.table) - 1, areas: step.areas }
    }
    default:
      return { kind }
  }
}

/** A pool is held back for all clients, whichever step they come by. */
function setHold(
  compilation: Compilation,
  hold: PoolHold,
  { compiled, path }: { readonly compiled: MutablePolicy; readonly path: DocumentPath },
): void {
  const before = compiled.hold
  if (before !== undefined && (before.holdDownMs !== hold.holdDownMs || before.isManual !== hold.isManual)) {
    const hint = 'a pool is held back for all clients alike: say the same in both'
    reportError(compilation, [...path, 'failover'], 'another step of the service holds pools back differently', hint)
  }
  compiled.hold = hold
}

interface BiasSource {
  readonly source: PolicySource
  readonly compiled: MutablePolicy
  readonly path: DocumentPath
}

/** A client's class has one order of sites, so a bias holds for all steps. */
function addBias(compilation: Compilation, bias: CompiledPolicy['bias'], { source, compiled, path }: BiasSource): void {
  for (const [site, value] of Object.entries(bias)) {
    poolAt(compilation, source.pools, site, [...path, site])
    const other = compiled.bias[site]
    if (other !== undefined && other !== value) {
      const message = `"${site}" has a bias of ${other} in another step`
      reportError(compilation, [...path, site], message, 'a service has one bias for a site')
    }
  }
  compiled.bias = { ...compiled.bias, ...bias }
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

/** A policy of one step may be written without a list. */
function stepPath(compilation: Compilation, path: DocumentPath, step: number): DocumentPath {
  return Array.isArray(valueAt(compilation.document, path)) ? [...path, step] : path
}
