import { type Database, type MapRule, type MapSpec, mapSpecKey } from '@windrose/geo'
import { allSteps, type Family, type Service } from '@windrose/steering'
import { type Compilation, report, reportAtKey, reportError } from './compilation.ts'
import type { NamedArea } from './compile-geo-step.ts'
import { compileMapSpec } from './compile-map-spec.ts'
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts'
import { compilePools, type DraftPool, type Inventory } from './compile-pools.ts'
import { type CompiledViews, compileViewSpec } from './compile-views.ts'
import type { PoolHold } from './configuration.ts'
import type { DocumentPath } from './document-path.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { type DraftService, nestServices, servicesWithin, withClientMap } from './nest-services.ts'
import { refuseUnanswerable } from './refuse-unanswerable.ts'
import type { ServiceSettings } from './schema/service.ts'

/** The services with the client maps that they need. */
export interface CompiledServices {
  readonly services: readonly Service[]
  readonly mapSpecs: readonly MapSpec[]
  /** What the areas of all policies name. */
  readonly namedAreas: readonly NamedArea[]
}

/** What the services are compiled with. */
export interface ServiceSources {
  readonly inventory: Inventory
  readonly rules: readonly MapRule[]
  readonly views: CompiledViews
  /** Undefined where they could not be opened. */
  readonly databases: readonly Database[] | undefined
}

/** The services in the order of the file. Services that place clients alike share one client map. */
export function compileServices(
  compilation: Compilation,
  { inventory, rules, views, databases }: ServiceSources,
): CompiledServices {
  const { document, settings } = compilation
  const mapSpecs: MapSpec[] = []
  const mapIndexes = new Map<string, number>()
  const policies: CompiledPolicy[] = []
  const sources = { sites: inventory.sites, rules, views: compileViewSpec(views) }

  function clientMapOf(service: Service): number {
    const tree = servicesWithin(service).map(({ name, index, pools }) => ({ name, pools, policy: policies[index]! }))
    const asked = compileMapSpec(compilation, tree, sources)
    if (asked === undefined) return -1
    const spec = service.capacity === undefined ? asked : { ...asked, costs: true }
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
      const policy = compilePolicy(compilation, { service: name, pools, policy: service.policy, databases })
      policies.push(policy)
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
        ...compileCapacity(compilation, name, service, inventory),
        clientMap: -1,
        tables: policy.areas.length,
      }
    },
  )
  const nested = nestServices(compilation, drafts)
  refuseUnanswerable(compilation, nested, (service) => policies[service]!.namedAreas)
  return {
    services: nested.map((service) => withClientMap(service, clientMapOf(service))),
    mapSpecs,
    namedAreas: policies.flatMap(({ namedAreas }) => namedAreas),
  }
}

/** Most endpoints in one answer; Infinity for all of them. */
function countAnswers(
  compilation: Compilation,
  name: string,
  { answers, min_answers }: ServiceSettings,
  { steps }: CompiledPolicy,
): number {
  const path = ['services', name, 'answers']
  const ends = allSteps(steps).map(({ kind }) => kind)
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

/** Load is placed where a site of the service says what it can take. */
function compileCapacity(
  compilation: Compilation,
  name: string,
  { capacity, pools }: ServiceSettings,
  { sites }: Inventory,
): Pick<Service, 'capacity'> {
  if (capacity === 'off') return {}
  const isLimited = sites.some((site) => pools[site.name] !== undefined && site.capacity !== undefined)
  if (!isLimited) {
    const hint = 'give one of its sites a capacity'
    reportError(compilation, ['services', name, 'capacity'], 'no site of the service says what it can take', hint)
  }
  return { capacity }
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
