import type { MapRule, MapSpec, PlacedSite, ViewSpec } from '@windrose/geo'
import { allSteps, type Pool, type Step } from '@windrose/steering'
import { type Compilation, reportOnce } from './compilation.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import type { Site } from './configuration.ts'

/** A service of a tree: one that names are steered to, or one nested in it. */
export interface MappedService {
  readonly name: string
  readonly pools: readonly Pick<Pool, 'site'>[]
  readonly policy: Pick<CompiledPolicy, 'steps' | 'bias' | 'areas'>
}

/** What all maps are made from. */
export interface MapSources {
  readonly sites: readonly Site[]
  readonly rules: readonly MapRule[]
  /** Undefined: everybody has the global view. */
  readonly views: ViewSpec | undefined
}

/**
 * The client map of a tree of services, the outermost first: one class of a client says all that any of them asks. The
 * tables of areas are numbered in the order of the services. Undefined where none of them asks who the client is.
 */
export function compileMapSpec(
  compilation: Compilation,
  services: readonly MappedService[],
  { sites, rules, views }: MapSources,
): MapSpec | undefined {
  const areas = services.flatMap(({ policy }) => policy.areas)
  const choosing = services.filter(
    ({ pools, policy }) => pools.length >= 2 && allSteps(policy.steps).some(isByDistance),
  )
  if (choosing.length === 0 && areas.length === 0 && views === undefined) return undefined
  for (const { pools } of choosing) refuseUnplacedSites(compilation, sites, pools)
  const bias = mergeBias(compilation, choosing)
  const groups = choosing.map((service) => placedSites(service, sites, bias))
  const asksForSites = choosing.length > 0 || areas.length > 0
  return {
    sites: distinctSites(groups.flat()),
    preferred: choosing.length > 0 ? compilation.settings.geo.preferred_sites : 0,
    ...(groups.length < 2 ? {} : { groups: groups.map((group) => group.map(({ index }) => index)) }),
    // Where only the view counts, the sites of a rule would split classes for nothing.
    rules: asksForSites ? rules : rules.map((rule) => ({ ...rule, sites: [] })),
    ...(views === undefined ? {} : { views }),
    ...(areas.length === 0 ? {} : { areas }),
  }
}

/** The steps with the tables of their areas numbered from another first one. */
export function withTablesFrom(steps: readonly Step[], first: number): readonly Step[] {
  return steps.map((step) => {
    if (step.kind !== 'geo') return step
    const areas = step.areas.map((area) =>
      area.steps === undefined ? area : { ...area, steps: withTablesFrom(area.steps, first) },
    )
    return { ...step, table: first + step.table, areas }
  })
}

function isByDistance({ kind }: Step): boolean {
  return kind === 'nearest' || kind === 'latency'
}

function placedSites(
  { pools }: MappedService,
  sites: readonly Site[],
  bias: ReadonlyMap<string, { readonly value: number }>,
): PlacedSite[] {
  const indexes = [...new Set(pools.map(({ site }) => site))].filter((index) => index !== -1).sort((a, b) => a - b)
  return indexes.flatMap((index) => {
    const { name, latitude, longitude } = sites[index]!
    if (latitude === undefined || longitude === undefined) return []
    return [{ index, latitude, longitude, bias: bias.get(name)?.value ?? 0 }]
  })
}

function distinctSites(sites: readonly PlacedSite[]): PlacedSite[] {
  const byIndex = new Map(sites.map((site) => [site.index, site]))
  return [...byIndex.values()].sort((a, b) => a.index - b.index)
}

/** The bias of each site by its name. A client has one order of sites for a whole tree. */
function mergeBias(
  compilation: Compilation,
  services: readonly MappedService[],
): ReadonlyMap<string, { readonly value: number; readonly service: string }> {
  const merged = new Map<string, { value: number; service: string }>()
  for (const { name: service, policy } of services) {
    for (const [site, value] of Object.entries(policy.bias)) {
      const other = merged.get(site)
      if (other === undefined) merged.set(site, { value, service })
      else if (other.value !== value) {
        const message = `"${site}" has a bias of ${value} here and of ${other.value} in "${other.service}", and one stands for the other`
        const hint = 'services in services have one bias for a site'
        reportOnce(compilation, { severity: 'error', path: ['services', service], message, hint })
      }
    }
  }
  return merged
}

/** Said once for a site, however many services need it. */
function refuseUnplacedSites(compilation: Compilation, sites: readonly Site[], pools: MappedService['pools']): void {
  for (const { site } of pools) {
    const { name, latitude, country } = sites[site] ?? { name: '', latitude: 0 }
    if (latitude !== undefined || country !== undefined) continue
    const message = 'is a choice of "nearest", but does not say where it is'
    const hint = 'at: [LATITUDE, LONGITUDE], or country: CODE for the middle of a country'
    reportOnce(compilation, { severity: 'error', path: ['sites', name], message, hint })
  }
}
