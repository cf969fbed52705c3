import { printDuration } from '@windrose/config'
import {
  type Draft,
  type DraftArea,
  type DraftPool,
  type DraftStep,
  type DraftTier,
  type DraftTtl,
  printPlace,
} from './draft.ts'
import { hoistChecks } from './hoist-checks.ts'
import { addNamed } from './name-entry.ts'
import { MAIN_SITE, type PoolRecipe, type Recipe } from './recipe.ts'
import { mainSite } from './site-name.ts'
import { withoutRepeated } from './without-repeated.ts'

/** The services that were made of recipes, by TTL. */
export type MadeServices = Map<Recipe, Map<string, string>>

/** A recipe as it is wanted: the name that its service gets if it is free, and its TTL. */
export interface WantedService {
  readonly recipe: Recipe
  readonly name: string
  readonly ttl?: DraftTtl | undefined
}

/**
 * The name of the service for a recipe and a TTL, made when it is asked for first. Undefined where nothing that could be
 * served is left of it.
 */
export function addService(draft: Draft, made: MadeServices, { recipe, name, ttl }: WantedService): string | undefined {
  const byTtl = made.get(recipe) ?? new Map<string, string>()
  made.set(recipe, byTtl)
  const key = JSON.stringify(ttl ?? null)
  const known = byTtl.get(key)
  if (known !== undefined) return known
  const pools = new Map<string, DraftPool>()
  for (const [site, pool] of withoutRepeated(recipe)) {
    const drafted = draftPool(draft, made, { pool, site, name, ttl })
    if (drafted === undefined) continue
    pools.set(site, drafted)
    if (pool.kind === 'recipe' && pool.site !== undefined) continue
    if (site === MAIN_SITE) mainSite(draft)
    else if (!draft.sites.has(site)) draft.sites.set(site, {})
  }
  const steps = stepsWithin(recipe.steps, pools)
  if (pools.size === 0 || steps === undefined) return undefined
  const policy: DraftStep[] = recipe.draw === 'all' && steps.length > 0 ? [...steps] : [...steps, recipe.draw]
  const service = hoistChecks({
    place: recipe.place,
    comments: [`${printPlace(recipe.place)}: ${recipe.title}`, ...(recipe.remarks ?? [])],
    policy,
    checks: [],
    answers: recipe.answers,
    distinctBy: recipe.distinctBy,
    missingFamily: recipe.missingFamily,
    panic: recipe.panic === 0.5 ? undefined : recipe.panic,
    ttl,
    pools,
  })
  const isAgain = byTtl.size > 0 && ttl !== undefined
  const added = addNamed(draft.services, isAgain ? `${name}-ttl-${printDuration(ttl.max * 1000)}` : name, service)
  byTtl.set(key, added)
  return added
}

interface PoolSource {
  readonly pool: PoolRecipe
  readonly site: string
  readonly name: string
  readonly ttl: DraftTtl | undefined
}

function draftPool(draft: Draft, made: MadeServices, { pool, site, name, ttl }: PoolSource): DraftPool | undefined {
  if (pool.kind === 'endpoints') return pool.endpoints.length === 0 ? undefined : pool
  const service = addService(draft, made, {
    recipe: atSite(pool.recipe, pool.site ?? site),
    name: `${name}-${site}`,
    ttl,
  })
  return service === undefined ? undefined : { kind: 'service', service, weight: pool.weight }
}

const relocated = new WeakMap<Recipe, Map<string, Recipe>>()

/** A recipe that knows no data centres, inside a pool that has one, is there: the same one every time. */
export function atSite(recipe: Recipe, site: string): Recipe {
  const [only] = recipe.pools.values()
  if (recipe.pools.size !== 1 || !recipe.pools.has(MAIN_SITE) || only === undefined) return recipe
  const bySite = relocated.get(recipe) ?? new Map<string, Recipe>()
  relocated.set(recipe, bySite)
  const moved = bySite.get(site) ?? { ...recipe, pools: new Map([[site, only]]) }
  bySite.set(site, moved)
  return moved
}

/** The steps without sites that have no pool. Undefined where nobody would be left with any. */
function stepsWithin(steps: readonly DraftStep[], pools: ReadonlyMap<string, unknown>): DraftStep[] | undefined {
  const kept: DraftStep[] = []
  for (const step of steps) {
    if (typeof step === 'string' || 'latency' in step || 'nearest' in step) kept.push(step)
    else if ('failover' in step) kept.push({ failover: tiersWithin(step.failover, pools) })
    else {
      const areas = areasWithin(step.geo.areas, pools)
      if (!areas.has('default')) return undefined
      kept.push({ geo: { ...step.geo, areas } })
    }
  }
  return kept
}

/** The same map where nothing is missing: maps that are one object are written once. */
function areasWithin(
  areas: ReadonlyMap<string, DraftArea>,
  pools: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, DraftArea> {
  const isWhole = [...areas.values()].every(({ sites }) => sites.flat().every((site) => pools.has(site)))
  if (isWhole) return areas
  const kept = new Map<string, DraftArea>()
  for (const [area, { place, sites, policy }] of areas) {
    const tiers = tiersWithin(sites, pools)
    if (tiers.length > 0) kept.set(area, { place, sites: tiers, policy })
  }
  return kept
}

function tiersWithin(tiers: DraftArea['sites'], pools: ReadonlyMap<string, unknown>): DraftArea['sites'] {
  return tiers.flatMap((tier): DraftTier[] => {
    if (typeof tier === 'string') return pools.has(tier) ? [tier] : []
    const sites = tier.filter((site) => pools.has(site))
    return sites.length > 0 ? [sites] : []
  })
}
