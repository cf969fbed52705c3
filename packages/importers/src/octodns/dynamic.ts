import { printName } from '@windrose/dns'
import { printPrefix, readPrefix } from '@windrose/ip'
import { isContinentCode, isCountryCode } from '../area.ts'
import { type Draft, note } from '../draft.ts'
import type { JsonView } from '../json-view.ts'
import { type OctodnsRecord, valuesOf } from './record.ts'

/** The pools that the clients of an area are given, in order. */
export interface DynamicRule {
  /** As windrose.yaml writes it. */
  readonly area: string
  readonly place: JsonView['place']
  readonly chain: readonly string[]
}

/** What a dynamic record says, without what its values are. */
export interface DynamicPlan {
  readonly rules: readonly DynamicRule[]
  /** The values of each pool. */
  readonly pools: ReadonlyMap<string, readonly JsonView[]>
}

/** Reads `dynamic`, or the older `geo`. */
export function readDynamic(draft: Draft, record: OctodnsRecord): DynamicPlan {
  const dynamic = record.view.at('dynamic')
  return dynamic === undefined ? readGeo(draft, record) : readRules(draft, record, dynamic)
}

function readRules(draft: Draft, record: OctodnsRecord, dynamic: JsonView): DynamicPlan {
  const pools = new Map<string, JsonView[]>()
  const fallbacks = new Map<string, string>()
  for (const [name, view] of dynamic.at('pools')?.entries() ?? []) {
    pools.set(name, valuesOf(view))
    const fallback = view.text('fallback')
    if (fallback !== undefined) fallbacks.set(name, fallback)
  }
  const used = new Set<string>()
  const rules = (dynamic.at('rules')?.items() ?? []).flatMap((view): DynamicRule[] => {
    const pool = view.text('pool') ?? ''
    if (!pools.has(pool)) {
      leave(draft, record, view, `there is no pool "${pool}"`)
      return []
    }
    const chain = chainFrom(pool, fallbacks).filter((name) => pools.has(name))
    for (const name of chain) used.add(name)
    const geos = (view.at('geos')?.items() ?? []).flatMap((geo) => areaOf(draft, record, geo) ?? [])
    const subnets = (view.at('subnets')?.items() ?? []).flatMap((subnet) => prefixOf(draft, record, subnet) ?? [])
    const isCatchAll = view.at('geos') === undefined && view.at('subnets') === undefined
    return (isCatchAll ? ['default'] : [...subnets, ...geos]).map((area) => ({ area, place: view.place, chain }))
  })
  for (const name of pools.keys()) {
    if (used.has(name)) continue
    leave(draft, record, dynamic.at('pools')!.at(name)!, `no rule leads to the pool "${name}"`)
    pools.delete(name)
  }
  return { rules, pools }
}

/** A pool and what it falls back to, each once. */
function chainFrom(pool: string, fallbacks: ReadonlyMap<string, string>): string[] {
  const chain: string[] = []
  for (let name: string | undefined = pool; name !== undefined && !chain.includes(name); name = fallbacks.get(name))
    chain.push(name)
  return chain
}

/** The older form: values by area, and those of the record for all others. */
function readGeo(draft: Draft, record: OctodnsRecord): DynamicPlan {
  const pools = new Map<string, JsonView[]>()
  const rules: DynamicRule[] = []
  for (const [code, values] of record.view.at('geo')?.entries() ?? []) {
    const area = readGeoCode(code)
    if (area === undefined) {
      leave(draft, record, values, `"${code}" is no code of an area`)
      continue
    }
    pools.set(code.toLowerCase(), values.itemsOrSelf())
    rules.push({ area, place: values.place, chain: [code.toLowerCase(), OTHERS] })
  }
  const rest = valuesOf(record.view)
  pools.set(OTHERS, rest)
  return { rules: [...rules, { area: 'default', place: record.place, chain: [OTHERS] }], pools }
}

const OTHERS = 'default'

function areaOf(draft: Draft, record: OctodnsRecord, view: JsonView): string | undefined {
  const area = readGeoCode(view.asText ?? '')
  if (area === undefined) leave(draft, record, view, `"${view.asText ?? ''}" is no code of an area`)
  return area
}

/** `NA`, `NA-US` or `NA-US-KY`. */
function readGeoCode(code: string): string | undefined {
  const [continent = '', country, subdivision, ...more] = code.split('-')
  if (!isContinentCode(continent) || more.length > 0) return undefined
  if (country === undefined) return `continent:${continent}`
  if (!isCountryCode(country)) return undefined
  if (subdivision === undefined) return `country:${country}`
  return /^[A-Z0-9]{1,3}$/.test(subdivision) ? `subdivision:${country}/${subdivision}` : undefined
}

function prefixOf(draft: Draft, record: OctodnsRecord, view: JsonView): string | undefined {
  const read = readPrefix(view.asText ?? '')
  if (read !== undefined) return printPrefix(read.prefix)
  leave(draft, record, view, `"${view.asText ?? ''}" is no subnet`)
  return undefined
}

function leave(draft: Draft, { owner, type }: OctodnsRecord, view: JsonView, why: string): void {
  note(draft, 'left out', view.place, {
    source: `${printName(owner)} ${type}`,
    why,
    instead: 'mend it in the source, or add it by hand',
  })
}
