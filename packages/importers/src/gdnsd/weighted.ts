import { type DraftEndpoint, note } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import { fitWeights } from '../fit-weights.ts'
import { entryName } from '../name-entry.ts'
import { DEFAULT_PANIC, MAIN_SITE, type PoolRecipe, type Recipe } from '../recipe.ts'
import type { Definition, Gdnsd } from './definition.ts'
import { familiesOf, samePanic } from './multifo.ts'
import { rulesOf } from './service-types.ts'
import { quoteEntry, Settings } from './settings.ts'
import type { VscfEntry, VscfHash, VscfValue } from './vscf-value.ts'

/**
 * A weighted resource, in one of gdnsd's four ways:
 *
 * - *single*: one address, drawn by weight: `weighted`
 * - *multi*: each address with the probability weight / heaviest weight. Where all weigh the same that is `all`
 * - *grouped single*: one group, and in it each address as in *multi*: a service for each group, drawn by weight
 * - *grouped multi*: groups as in *multi*, and of each one address. Where all groups weigh the same that is `weighted` with
 *   as many answers as there are groups, one for each site
 *
 * What windrose has no draw for is drawn as near as may be, and listed.
 */
export function importWeighted(gdnsd: Gdnsd, definition: Definition): Recipe {
  const families = familiesOf(definition).map((hash) => readFamily(gdnsd, hash))
  const panic = samePanic(
    gdnsd,
    definition,
    families.map((family) => family.panic),
  )
  const common = { place: definition.place, title: `weighted resource "${definition.name}"`, steps: [], panic }
  const groups = families.flatMap((family) => family.groups)
  const isGrouped = groups.some(({ label }) => label !== undefined)
  const isMulti = families.some((family) => family.isMulti && !family.groups.every(isNames))
  fitAll(gdnsd, definition, groups)
  if (!isGrouped) {
    const endpoints = groups.flatMap((group) => group.endpoints)
    const draw = isMulti ? multiDraw(gdnsd, definition, endpoints.map(weightOf)) : 'weighted'
    const plain = draw === 'all' ? endpoints.map(({ weight: _, ...endpoint }) => endpoint) : endpoints
    return { ...common, draw, pools: new Map([[MAIN_SITE, { kind: 'endpoints', endpoints: plain }]]), endpoints: plain }
  }
  return isMulti ? groupedMulti(gdnsd, definition, common, groups) : groupedSingle(gdnsd, definition, common, groups)
}

/** Addresses that are drawn together; without a label for a resource without groups. */
interface Group {
  readonly label: string | undefined
  endpoints: DraftEndpoint[]
}

interface WeightedFamily {
  readonly panic: number
  readonly isMulti: boolean
  readonly groups: Group[]
}

type Common = Pick<Recipe, 'place' | 'title' | 'steps' | 'panic'>

function readFamily(gdnsd: Gdnsd, hash: VscfHash): WeightedFamily {
  const settings = new Settings(gdnsd.draft, hash)
  const panic = settings.share('up_thresh') ?? DEFAULT_PANIC
  const isMulti = settings.boolean('multi') ?? false
  const checks = rulesOf(gdnsd.draft, gdnsd.types, settings.take('service_types'))
  const seen = new Set<string>()
  const plain: DraftEndpoint[] = []
  const groups: Group[] = []
  for (const entry of settings.rest()) {
    const read = (inner: VscfEntry): DraftEndpoint[] => readItem(gdnsd, inner, seen)
    const withChecks = (endpoint: DraftEndpoint): DraftEndpoint => ({ ...endpoint, checks })
    if (entry.value.kind !== 'hash') plain.push(...read(entry).map(withChecks))
    else groups.push({ label: entry.key, endpoints: [...entry.value.entries.values()].flatMap(read).map(withChecks) })
  }
  return { panic, isMulti, groups: plain.length > 0 ? [{ label: undefined, endpoints: plain }, ...groups] : groups }
}

/** `[ADDRESS, WEIGHT]` or `[NAME., WEIGHT]`. */
function readItem(gdnsd: Gdnsd, entry: VscfEntry, seen: Set<string>): DraftEndpoint[] {
  const items: readonly VscfValue[] = entry.value.kind === 'list' ? entry.value.items : []
  const [target, number] = items.map((item) => (item.kind === 'text' ? item.text : ''))
  const weight = /^\d{1,7}$/.test(number ?? '') ? Number(number) : 0
  const known = endpointTarget(target ?? '')
  const refuse = (why: string, instead: string): DraftEndpoint[] => {
    note(gdnsd.draft, 'left out', entry.place, { source: quoteEntry(entry), why, instead })
    return []
  }
  if (items.length !== 2 || weight < 1 || known === undefined) {
    return refuse('[ADDRESS, WEIGHT] is expected', 'see whether it is a slip; gdnsd would refuse it too')
  }
  if (seen.has(known.target))
    return refuse('a service has an address once', 'add its weight to that of the other entry')
  seen.add(known.target)
  return [{ ...known, weight, comment: entry.key }]
}

/** Weights go up to 2^20 in gdnsd. */
function fitAll(gdnsd: Gdnsd, { place, name }: Definition, groups: readonly Group[]): void {
  const all = groups.flatMap(({ endpoints }) => endpoints)
  const { weights, isExact } = fitWeights(all.map(weightOf))
  if (!isExact) {
    note(gdnsd.draft, 'changed', place, {
      source: `weighted ${name}: weights up to ${Math.max(...all.map(weightOf))}`,
      why: 'weights go up to 65535 in windrose',
      instead: 'they were divided and rounded',
    })
  }
  let next = 0
  for (const group of groups)
    group.endpoints = group.endpoints.map((endpoint) => ({ ...endpoint, weight: weights[next++] }))
}

function multiDraw(gdnsd: Gdnsd, definition: Definition, weights: readonly number[]): 'all' | 'weighted' {
  if (areEqual(weights)) return 'all'
  noteDraw(
    gdnsd,
    definition,
    'multi => true',
    'one address is drawn by weight; the policy all would answer with every one',
  )
  return 'weighted'
}

function groupedSingle(gdnsd: Gdnsd, definition: Definition, common: Common, groups: readonly Group[]): Recipe {
  const pools = new Map<string, PoolRecipe>()
  for (const { label = MAIN_SITE, endpoints } of byLabel(groups)) {
    if (!areEqual(endpoints.map(weightOf))) {
      const instead = 'every address of the group that is drawn is answered'
      noteDraw(gdnsd, definition, `group ${label} with several weights`, instead)
    }
    const site = entryName(label)
    const plain = endpoints.map(({ weight: _, ...endpoint }) => endpoint)
    const inner: Recipe = {
      ...common,
      title: `${common.title}, group "${label}"`,
      draw: 'all',
      pools: new Map([[site, { kind: 'endpoints', endpoints: plain }]]),
      endpoints: plain,
    }
    pools.set(site, { kind: 'recipe', recipe: inner, weight: sumOf(endpoints) })
  }
  if (groups.some(({ endpoints }) => endpoints.some(({ checks = [] }) => checks.length > 0))) {
    const why =
      'up_thresh counts over all groups, and a group weighs less while some of it is down; here each group is a service'
    const instead = 'weights and "panic" hold for each group'
    note(gdnsd.draft, 'changed', definition.place, { source: `weighted ${definition.name}: groups`, why, instead })
  }
  return { ...common, draw: 'weighted', pools }
}

function groupedMulti(gdnsd: Gdnsd, definition: Definition, common: Common, groups: readonly Group[]): Recipe {
  const named = byLabel(groups)
  if (!areEqual(named.map(({ endpoints }) => sumOf(endpoints)))) {
    noteDraw(
      gdnsd,
      definition,
      'multi => true with groups of several weights',
      'every answer holds one address of each group',
    )
  }
  const pools = new Map<string, PoolRecipe>()
  for (const { label = MAIN_SITE, endpoints } of named) pools.set(entryName(label), { kind: 'endpoints', endpoints })
  return { ...common, draw: 'weighted', answers: Math.max(1, named.length), distinctBy: 'site', pools }
}

/** Groups of both families with one label are one site. */
function byLabel(groups: readonly Group[]): Group[] {
  const byName = new Map<string, Group>()
  for (const { label, endpoints } of groups) {
    const key = entryName(label ?? MAIN_SITE)
    const known = byName.get(key)
    if (known === undefined) byName.set(key, { label, endpoints: [...endpoints] })
    else known.endpoints.push(...endpoints)
  }
  return [...byName.values()]
}

function noteDraw(gdnsd: Gdnsd, { place, name }: Definition, what: string, instead: string): void {
  const why = 'windrose has no draw in which each address is there with a probability of its own'
  note(gdnsd.draft, 'changed', place, { source: `weighted ${name}: ${what}`, why, instead })
}

function weightOf({ weight = 1 }: DraftEndpoint): number {
  return weight
}

function sumOf(endpoints: readonly DraftEndpoint[]): number {
  return endpoints.reduce((sum, endpoint) => sum + weightOf(endpoint), 0)
}

function areEqual(weights: readonly number[]): boolean {
  return weights.every((weight) => weight === weights[0])
}

function isNames({ endpoints }: Group): boolean {
  return endpoints.every(({ form }) => form !== undefined)
}
