import type { DraftEndpoint, DraftStep } from '../draft.ts'
import type { PoolRecipe, Recipe } from '../recipe.ts'

/** One recipe of two that steer alike, one for each family; undefined where they do not. */
export function mergeRecipes(one: Recipe, other: Recipe): Recipe | undefined {
  const isAlike =
    stepsKey(one.steps) === stepsKey(other.steps) && one.draw === other.draw && one.answers === other.answers
  if (!isAlike || [...one.pools.keys()].join('\n') !== [...other.pools.keys()].join('\n')) return undefined
  const pools = new Map<string, PoolRecipe>()
  for (const [site, pool] of one.pools) {
    const merged = mergePools(pool, other.pools.get(site)!)
    if (merged === undefined) return undefined
    pools.set(site, merged)
  }
  const endpoints = one.endpoints && other.endpoints ? [...one.endpoints, ...other.endpoints] : undefined
  return { ...one, title: `${one.title} and AAAA`, pools, endpoints }
}

function mergePools(one: PoolRecipe, other: PoolRecipe): PoolRecipe | undefined {
  if (one.kind === 'endpoints' && other.kind === 'endpoints') {
    return { kind: 'endpoints', endpoints: [...one.endpoints, ...other.endpoints] }
  }
  if (one.kind !== 'recipe' || other.kind !== 'recipe') return undefined
  const recipe = mergeRecipes(one.recipe, other.recipe)
  return recipe && { kind: 'recipe', recipe, weight: one.weight }
}

/** Maps are written out, as JSON has none. */
function stepsKey(steps: readonly DraftStep[]): string {
  return JSON.stringify(steps, (_, value: unknown) => (value instanceof Map ? [...value] : value))
}

/**
 * A recipe with the plain addresses of the other family, which nothing steers: a pool that everybody is given after the
 * others, and which has nothing for questions of the first family.
 */
export function withPlainAddresses(recipe: Recipe, endpoints: readonly DraftEndpoint[]): Recipe {
  const pools = new Map(recipe.pools)
  const [only] = pools
  if (recipe.steps.length === 0 && only !== undefined && only[1].kind === 'endpoints') {
    const joined = [...only[1].endpoints, ...endpoints]
    return { ...recipe, pools: pools.set(only[0], { kind: 'endpoints', endpoints: joined }), endpoints: undefined }
  }
  const { place, title } = recipe
  const plain: Recipe = {
    place,
    title: `${title}, plain addresses`,
    steps: [],
    draw: 'all',
    pools: new Map([[PLAIN, { kind: 'endpoints', endpoints }]]),
  }
  pools.set(PLAIN, { kind: 'recipe', recipe: plain })
  const steps = recipe.steps.map((step): DraftStep => {
    if (typeof step === 'string' || !('geo' in step)) return step
    const areas = new Map(
      [...step.geo.areas].map(([area, value]) => [area, { ...value, sites: [...value.sites, PLAIN] }]),
    )
    return { geo: { ...step.geo, areas } }
  })
  return { ...recipe, steps, pools, endpoints: undefined }
}

const PLAIN = 'plain'
