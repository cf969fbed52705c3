import type { DraftEndpoint } from './draft.ts'
import { WEIGHT_MAX } from './fit-weights.ts'
import type { PoolRecipe, Recipe } from './recipe.ts'

const separated = new WeakMap<Recipe, ReadonlyMap<string, PoolRecipe>>()

/**
 * The pools of a recipe so that no address is in it twice, as a service has an address once: a pool with an address that an
 * earlier one has becomes a service of its own. The same recipe gives the same pools.
 */
export function withoutRepeated(recipe: Recipe): ReadonlyMap<string, PoolRecipe> {
  const known = separated.get(recipe)
  if (known !== undefined) return known
  const seen = new Set<string>()
  const pools = new Map<string, PoolRecipe>()
  for (const [site, pool] of recipe.pools) {
    if (pool.kind === 'recipe') {
      pools.set(site, pool)
      continue
    }
    const endpoints = eachOnce(pool.endpoints)
    const isNew = endpoints.every(({ target }) => !seen.has(target))
    for (const { target } of endpoints) seen.add(target)
    pools.set(site, isNew ? { kind: 'endpoints', endpoints } : apart(recipe, site, endpoints))
  }
  separated.set(recipe, pools)
  return pools
}

function apart(recipe: Recipe, site: string, endpoints: readonly DraftEndpoint[]): PoolRecipe {
  const { place, title, draw, panic } = recipe
  const pools = new Map<string, PoolRecipe>([[site, { kind: 'endpoints', endpoints }]])
  const inner: Recipe = { place, title: `${title}, ${site}`, steps: [], draw, panic, pools }
  return { kind: 'recipe', recipe: inner, weight: draw === 'all' ? undefined : sumOf(endpoints) }
}

function sumOf(endpoints: readonly DraftEndpoint[]): number {
  return Math.min(
    WEIGHT_MAX,
    endpoints.reduce((sum, { weight = 1 }) => sum + weight, 0),
  )
}

/** Twice the same address in a pool is one of the weight of both. */
function eachOnce(endpoints: readonly DraftEndpoint[]): DraftEndpoint[] {
  const byTarget = new Map<string, DraftEndpoint>()
  for (const endpoint of endpoints) {
    const known = byTarget.get(endpoint.target)
    if (known === undefined) byTarget.set(endpoint.target, endpoint)
    else if (known.weight !== undefined) byTarget.set(endpoint.target, { ...known, weight: sumOf([known, endpoint]) })
  }
  return [...byTarget.values()]
}
