import { type Name, printName } from '@windrose/dns'
import { type Draft, type DraftArea, type DraftEndpoint, type DraftStep, note } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import type { JsonView } from '../json-view.ts'
import { MAIN_SITE, type PoolRecipe, type Recipe } from '../recipe.ts'
import { siteNamed } from '../site-name.ts'
import { type DynamicRule, readDynamic } from './dynamic.ts'
import { checkOf } from './health-check.ts'
import { type OctodnsRecord, valuesOf } from './record.ts'

export interface SteeredOwner {
  readonly owner: Name
  /** Its A, AAAA and CNAME records, one of them at least dynamic. */
  readonly records: readonly OctodnsRecord[]
  /** Whether a CNAME may be answered: not at the apex, nor beside other types. */
  readonly canBeName: boolean
}

/**
 * The recipe of a name: pools are sites, rules are areas, and a pool's fallbacks follow it. In a pool one value is drawn by
 * weight. The values of the record itself are the last resort, without checks.
 *
 * A and AAAA share the service. Both must be steered alike; the rules of the first count.
 */
export function recipeOf(draft: Draft, { owner, records, canBeName }: SteeredOwner): Recipe | undefined {
  const dynamic = records.filter(({ view }) => view.at('dynamic') !== undefined || view.at('geo') !== undefined)
  const [model] = dynamic
  if (model === undefined) return aliasRecipe(draft, records)
  const plan = readDynamic(draft, model)
  const collected: Collected = { draft, canBeName, seen: new Set(), pools: new Map() }
  for (const record of records) {
    const isModel = record === model
    if (!isModel && dynamic.includes(record)) {
      const other = readDynamic(draft, record)
      if (rulesKey(other.rules) !== rulesKey(plan.rules)) {
        const why = `its rules or fallbacks differ from those of ${model.type}, and a name has one service`
        const instead = 'make the rules of both alike, or add the endpoints by hand'
        note(draft, 'left out', record.place, { source: `${printName(owner)} ${record.type}`, why, instead })
        continue
      }
      addPools(collected, record, other.pools)
    } else if (isModel) addPools(collected, record, plan.pools)
  }
  for (const record of records) addLastResort(collected, record)
  const steps = stepsFor(draft, model, { rules: plan.rules, pools: collected.pools })
  if (steps === undefined) return undefined
  return {
    place: model.place,
    title: `${printName(owner)} ${records.map(({ type }) => type).join(' and ')}`,
    steps,
    draw: 'weighted',
    panic: 0,
    pools: collected.pools,
  }
}

/** Rules without their places. */
function rulesKey(rules: readonly DynamicRule[]): string {
  return JSON.stringify(rules.map(({ area, chain }) => [area, chain]))
}

/** An ALIAS record: the addresses of another name. */
function aliasRecipe(draft: Draft, records: readonly OctodnsRecord[]): Recipe | undefined {
  const [alias, ...others] = records.filter(({ type }) => type === 'ALIAS')
  const [value] = alias === undefined ? [] : valuesOf(alias.view)
  if (alias === undefined || value === undefined) return undefined
  for (const { owner, type, place } of [...others, ...records.filter((record) => record.type !== 'ALIAS')]) {
    const instead = 'mend it in the source'
    note(draft, 'left out', place, { source: `${printName(owner)} ${type}`, why: 'the name has an ALIAS', instead })
  }
  const text = value.asText ?? ''
  const target = endpointTarget(text.endsWith('.') ? text : `${text}.`)
  if (target?.form === undefined) {
    const source = `${printName(alias.owner)} ALIAS ${text}`
    note(draft, 'unreadable', value.place, { source, why: 'this is no name', instead: 'mend it in the source' })
    return undefined
  }
  const endpoints: DraftEndpoint[] = [{ ...target, form: 'alias' }]
  const pools = new Map<string, PoolRecipe>([[MAIN_SITE, { kind: 'endpoints', endpoints }]])
  return { place: alias.place, title: `${printName(alias.owner)} ALIAS`, steps: [], draw: 'all', pools }
}

interface Collected {
  readonly draft: Draft
  readonly canBeName: boolean
  /** Targets that are in a pool. */
  readonly seen: Set<string>
  readonly pools: Map<string, PoolRecipe & { readonly kind: 'endpoints' }>
}

function addEndpoints({ pools, seen }: Collected, site: string, endpoints: readonly DraftEndpoint[]): void {
  if (endpoints.length === 0) return
  pools.set(site, { kind: 'endpoints', endpoints: [...(pools.get(site)?.endpoints ?? []), ...endpoints] })
  for (const { target } of endpoints) seen.add(target)
}

function addPools(collected: Collected, record: OctodnsRecord, pools: ReadonlyMap<string, readonly JsonView[]>): void {
  const { draft } = collected
  const check = checkOf(draft, record)
  for (const [name, values] of pools) {
    const endpoints = values.flatMap((value) => {
      const target = targetOf(collected, record, value)
      return target === undefined ? [] : [withStatus({ ...target, checks: check === undefined ? [] : [check] }, value)]
    })
    const site = siteNamed(draft, name)
    if (endpoints.some(({ weight }) => weight !== 0)) addEndpoints(collected, site, endpoints)
    else if (endpoints.length > 0) {
      const source = `${printName(record.owner)} ${record.type}, pool ${name}`
      const why = 'the status of all its values is down'
      note(draft, 'left out', values[0]!.place, { source, why, instead: 'nothing: it is not served by octoDNS either' })
    }
  }
}

/** Weight and status: one that is always up has no checks, one that is always down is never served. */
function withStatus(endpoint: DraftEndpoint, value: JsonView): DraftEndpoint {
  const written = value.number('weight') ?? 1
  const weight = Math.min(Math.max(1, Math.trunc(written)), 65_535)
  const status = value.text('status')
  if (status === 'up') return { ...endpoint, weight, checks: [] }
  if (status === 'down') return { ...endpoint, weight: 0, comment: 'status: down' }
  return { ...endpoint, weight }
}

function targetOf(
  { draft, canBeName }: Collected,
  record: OctodnsRecord,
  value: JsonView,
): Pick<DraftEndpoint, 'target' | 'form'> | undefined {
  const text = value.text('value') ?? value.asText ?? ''
  const isName = record.type === 'CNAME'
  const target = endpointTarget(isName && !text.endsWith('.') ? `${text}.` : text)
  const source = `${printName(record.owner)} ${record.type} ${text}`
  if (target === undefined || (target.form === 'cname') !== isName) {
    const why = `this is no value of the type ${record.type}`
    note(draft, 'unreadable', value.place, { source, why, instead: 'mend it in the source' })
    return undefined
  }
  return isName && !canBeName ? { ...target, form: 'alias' } : target
}

/** The values of the record itself, where they are in no pool. */
function addLastResort(collected: Collected, record: OctodnsRecord): void {
  const targets = valuesOf(record.view).flatMap((value) => targetOf(collected, record, value) ?? [])
  const others = targets.filter(({ target }) => !collected.seen.has(target))
  if (others.length > 0)
    addEndpoints(
      collected,
      siteNamed(collected.draft, LAST_RESORT),
      others.map((target) => ({ ...target, checks: [] })),
    )
}

const LAST_RESORT = 'default'

interface StepSource {
  readonly rules: readonly DynamicRule[]
  readonly pools: ReadonlyMap<string, unknown>
}

function stepsFor(
  draft: Draft,
  { owner, type, place }: OctodnsRecord,
  { rules, pools }: StepSource,
): DraftStep[] | undefined {
  const listed = (chain: readonly string[]): string[] =>
    [...new Set([...chain.map((name) => siteNamed(draft, name)), LAST_RESORT])].filter((site) => pools.has(site))
  const areas = new Map<string, DraftArea>()
  for (const { area, chain, place: at } of rules) {
    const sites = listed(chain)
    if (sites.length > 0 && !areas.has(area)) areas.set(area, { place: at, sites })
  }
  if (pools.size === 0) return undefined
  const fallback = areas.get('default')
  if (fallback === undefined) {
    const why = 'no rule is for clients of other areas'
    const instead = 'they get all pools in the order of the file; write "default" as you wish'
    note(draft, 'changed', place, { source: `${printName(owner)} ${type}: rules`, why, instead })
  }
  areas.delete('default')
  const last = fallback ?? { place, sites: [...pools.keys()] }
  if (areas.size === 0) return [{ failover: last.sites }]
  return [{ geo: { areas: areas.set('default', last), fence: true } }]
}
