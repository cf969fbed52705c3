import { type MapRule, type MapSpec, mapSpecKey } from '@windrose/geo'
import type { Family, Service } from '@windrose/steering'
import { type Compilation, report, reportAtKey, reportError, reportOnce } from './compilation.ts'
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts'
import { compilePools, type DraftPool, type Inventory } from './compile-pools.ts'
import { type CompiledViews, compileViewSpec } from './compile-views.ts'
import type { PoolHold } from './configuration.ts'
import type { DocumentPath } from './document-path.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { type DraftService, nestServices } from './nest-services.ts'
import type { ServiceSettings } from './schema/service.ts'

/** The services with the client maps that they need. */
export interface CompiledServices {
  readonly services: readonly Service[]
  readonly mapSpecs: readonly MapSpec[]
}

/** The services in the order of the file. Services that place clients alike share one client map. */
export function compileServices(
  compilation: Compilation,
  inventory: Inventory,
  rules: readonly MapRule[],
  views: CompiledViews,
): CompiledServices {
  const { document, settings } = compilation
  const mapSpecs: MapSpec[] = []
  const mapIndexes = new Map<string, number>()
  const viewSpec = compileViewSpec(views)

  function clientMapOf(pools: readonly DraftPool[], policy: CompiledPolicy): number {
    const isNearest = pools.length >= 2 && policy.steps.some(({ kind }) => kind === 'nearest' || kind === 'latency')
    if (!isNearest && viewSpec === undefined) return -1
    if (isNearest) refuseUnplacedSites(compilation, inventory, pools)
    const spec: MapSpec = {
      ...(isNearest ? mapSpecOf(compilation, inventory, { pools, policy, rules }) : siteless(rules)),
      ...(viewSpec === undefined ? {} : { views: viewSpec }),
    }
    const key = mapSpecKey(spec)
    const index = mapIndexes.get(key) ?? mapSpecs.push(spec) - 1
    mapIndexes.set(key, index)
    return index
  }

  const drafts = entriesInOrder(document, ['services'], settings.services).map(
    ([name, service], index): DraftService => {
      const path = ['services', name]
      if (name === 'whoami') {
        const message = 'the name is taken by the built-in service'
        reportAtKey(compilation, { severity: 'error', path, message, hint: 'give yours another name' })
      }
      const pools = compilePools(compilation, { name, index, settings: service }, inventory)
      refuseWeightlessFamilies(compilation, [...path, 'pools'], pools)
      const policy = compilePolicy(compilation, { service: name, pools, policy: service.policy })
      if (service.on_all_down !== 'serve_all') {
        const answer = service.on_all_down === 'nodata' ? 'an empty answer' : 'SERVFAIL'
        const message = `when every endpoint is down, or only seems so, clients get ${answer}`
        const hint = 'serve_all lets them try'
        report(compilation, { severity: 'warning', path: [...path, 'on_all_down'], message, hint })
      }
      const answers = countAnswers(compilation, name, service, policy)
      if (policy.hold !== undefined) holdPools(inventory, index, policy.hold)
      return {
        name,
        index,
        pools,
        steps: policy.steps,
        answers,
        minAnswers: service.min_answers,
        missingFamily: service.missing_family,
        panic: service.panic,
        onAllDown: service.on_all_down,
        ttl: compileTtl(compilation, name, service),
        clientMap: clientMapOf(pools, policy),
      }
    },
  )
  return { services: nestServices(compilation, drafts), mapSpecs }
}

/** Most endpoints in one answer; Infinity for all of them. */
function countAnswers(
  compilation: Compilation,
  name: string,
  { answers, min_answers }: ServiceSettings,
  { steps }: CompiledPolicy,
): number {
  const path = ['services', name, 'answers']
  const ends = steps.map(({ kind }) => kind)
  if (ends.includes('all') && answers !== undefined && answers !== 'all') {
    reportError(compilation, path, '"all" answers every endpoint', 'leave one of both out')
  }
  const isSpread = ends.some((kind) => kind === 'weighted' || kind === 'consistent' || kind === 'round_robin')
  const count = answers ?? (isSpread ? min_answers : 'all')
  if (count === 'all') return Number.POSITIVE_INFINITY
  if (min_answers > count) {
    const minPath = ['services', name, 'min_answers']
    reportError(compilation, minPath, `min_answers (${min_answers}) is above answers (${count})`, 'raise answers')
  }
  return count
}

function holdPools(inventory: Inventory, service: number, hold: PoolHold): void {
  for (const [index, endpoint] of inventory.endpoints.entries()) {
    if (endpoint.service === service) inventory.endpoints[index] = { ...endpoint, hold }
  }
}

/** The least TTL is half of the greatest unless it is given. */
function compileTtl(compilation: Compilation, name: string, { ttl }: ServiceSettings): Service['ttl'] {
  const min = ttl.min ?? Math.max(1, Math.floor(ttl.max / 2))
  if (min > ttl.max) {
    const path = ['services', name, 'ttl', 'min']
    reportError(compilation, path, `min (${min}s) is above max (${ttl.max}s)`, 'max is 30s where it is not given')
  }
  return { max: ttl.max, min }
}

function refuseWeightlessFamilies(compilation: Compilation, path: DocumentPath, pools: readonly DraftPool[]): void {
  const endpoints = pools.flatMap((pool) => pool.endpoints)
  if (endpoints.length === 0) return
  const refuse = (which: string): void => {
    const message = `every ${which} has weight 0: none would ever be served`
    reportAtKey(compilation, { severity: 'error', path, message, hint: 'give one of them a weight, or remove them' })
  }
  if (endpoints.every(({ weight }) => weight === 0)) {
    refuse('endpoint')
    return
  }
  for (const family of ['ipv4', 'ipv6'] satisfies Family[]) {
    const serving = endpoints.filter(({ kind }) => kind === family || kind === 'name')
    if (serving.length > 0 && serving.every(({ weight }) => weight === 0)) {
      refuse(family === 'ipv4' ? 'IPv4 endpoint' : 'IPv6 endpoint')
    }
  }
}

/** Said once for a site, however many services need it. */
function refuseUnplacedSites(compilation: Compilation, inventory: Inventory, pools: readonly DraftPool[]): void {
  for (const { site } of pools) {
    const { name, latitude, country } = inventory.sites[site] ?? { name: '', latitude: 0 }
    if (latitude !== undefined || country !== undefined) continue
    const message = 'is a choice of "nearest", but does not say where it is'
    const hint = 'at: [LATITUDE, LONGITUDE], or country: CODE for the middle of a country'
    reportOnce(compilation, { severity: 'error', path: ['sites', name], message, hint })
  }
}

/** Where only the view counts, the sites of a rule would split classes for nothing. */
function siteless(rules: readonly MapRule[]): MapSpec {
  return { sites: [], preferred: 0, rules: rules.map((rule) => ({ ...rule, sites: [] })) }
}

interface MapSource {
  readonly pools: readonly DraftPool[]
  readonly policy: CompiledPolicy
  readonly rules: readonly MapRule[]
}

function mapSpecOf(compilation: Compilation, inventory: Inventory, { pools, policy, rules }: MapSource): MapSpec {
  const indexes = [...new Set(pools.map(({ site }) => site))].filter((index) => index !== -1).sort((a, b) => a - b)
  const sites = indexes.flatMap((index) => {
    const { name, latitude, longitude } = inventory.sites[index]!
    if (latitude === undefined || longitude === undefined) return []
    return [{ index, latitude, longitude, bias: policy.bias[name] ?? 0 }]
  })
  return { sites, preferred: compilation.settings.geo.preferred_sites, rules }
}
