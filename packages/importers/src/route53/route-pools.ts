import { type Name, printName } from '@windrose/dns'
import { continentAround } from '../area.ts'
import { type DraftArea, type DraftEndpoint, type DraftSite, type DraftStep, note } from '../draft.ts'
import { entryName, freeName } from '../name-entry.ts'
import type { PoolRecipe, Recipe } from '../recipe.ts'
import { mainSite, siteNamed } from '../site-name.ts'
import type { HostedZone } from './hosted-zone.ts'
import type { RecordSet, Routing } from './record-set.ts'
import { REGIONS } from './regions.ts'

/** A record set with what it answers with. */
export interface RoutedPool {
  readonly set: RecordSet
  readonly pool: PoolRecipe
}

interface OwnerPools {
  readonly owner: Name
  readonly pools: readonly RoutedPool[]
}

/**
 * The recipe of one name: its record sets are pools, and their way of routing is the policy.
 *
 * A and AAAA are one service: the sets of both go in together, and each family sees its own. A family that is not routed
 * has a pool that the policy prefers to none. All of Route 53's ways treat everything as healthy when nothing is, and know
 * no threshold.
 */
export function routePools(zone: HostedZone, { owner, pools }: OwnerPools): Recipe | undefined {
  const routed = pools.find(({ set }) => set.routing.kind !== 'simple') ?? pools[0]
  if (routed === undefined) return undefined
  const { kind } = routed.set.routing
  const fitting = pools.filter(({ set }) => set.routing.kind === kind || set.routing.kind === 'simple')
  for (const { set } of pools) if (!fitting.some((other) => other.set === set)) noteOther(zone, set, kind)
  const sites = placePools(zone, fitting)
  const base = { place: routed.set.place, title: `${printName(owner)}, ${kind}`, panic: 0 }
  const plain = sites.map((placed) => placed.site)
  switch (kind) {
    case 'simple':
      return { ...base, steps: [], draw: 'all', pools: poolsAt(sites) }
    case 'weighted':
      return { ...base, steps: [], draw: 'weighted', pools: weightedPools(zone, sites) }
    case 'multivalue':
      return { ...base, steps: [], ...multivalueDraw(sites), pools: poolsAt(sites) }
    case 'failover': {
      const isPrimary = ({ set }: PlacedPool): boolean => set.routing.kind === 'failover' && set.routing.isPrimary
      const order = [...sites.filter(isPrimary), ...sites.filter((placed) => !isPrimary(placed))]
      return { ...base, steps: [{ failover: order.map(({ site }) => site) }], draw: 'all', pools: poolsAt(order) }
    }
    case 'latency': {
      noteLatency(zone, routed.set)
      const placed = sites.filter((one) => isPlaced(zone, one))
      if (placed.length === 0) return undefined
      const latency = { tolerance: '0ms', tolerance_percent: 0 }
      return { ...base, steps: [{ latency }], draw: 'all', pools: poolsAt(placed) }
    }
    case 'geoproximity':
      return nearestRecipe(zone, base, sites)
    case 'geolocation':
    case 'cidr': {
      const areas = areasOf(zone, { owner, sites, place: routed.set.place })
      if (areas === undefined) return { ...base, steps: [{ failover: plain }], draw: 'all', pools: poolsAt(sites) }
      return { ...base, steps: [{ geo: { areas, fence: true } }], draw: 'all', pools: poolsAt(sites) }
    }
  }
}

type Base = Pick<Recipe, 'place' | 'title' | 'panic'>

function noteOther({ draft }: HostedZone, set: RecordSet, kind: Routing['kind']): void {
  const source = `${printName(set.owner)} ${set.type}, ${set.routing.kind}`
  const why = `other records of the name are routed by ${kind}, and a name has one service`
  note(draft, 'left out', set.place, { source, why, instead: 'add the endpoints to the service by hand' })
}

interface PlacedPool {
  readonly site: string
  readonly set: RecordSet
  /** That set, and those that joined it. */
  readonly sets: RecordSet[]
  pool: PoolRecipe
}

/** Sets of A and AAAA that are routed alike and have one identifier are one pool. */
function placePools(zone: HostedZone, pools: readonly RoutedPool[]): PlacedPool[] {
  const placed: PlacedPool[] = []
  for (const { set, pool } of pools) {
    const wanted = siteOf(zone, set)
    const same = placed.find((other) => other.site === wanted && joins(other, { set, pool }))
    if (same !== undefined) {
      same.pool = joined(same.pool, pool)
      same.sets.push(set)
      continue
    }
    const isTaken = (name: string): boolean => placed.some((other) => other.site === name)
    const site = isTaken(wanted) ? freeName(wanted, (name) => isTaken(name) || zone.draft.sites.has(name)) : wanted
    if (!zone.draft.sites.has(site)) zone.draft.sites.set(site, zone.draft.sites.get(wanted) ?? {})
    placed.push({ site, set, sets: [set], pool })
  }
  return placed
}

function joins(other: PlacedPool, { set, pool }: RoutedPool): boolean {
  if (JSON.stringify(other.set.routing) !== JSON.stringify(set.routing) || other.set.type === set.type) return false
  if (pool.kind === 'recipe') return other.pool.kind === 'recipe' && other.pool.recipe === pool.recipe
  return other.pool.kind === 'endpoints'
}

function joined(one: PoolRecipe, other: PoolRecipe): PoolRecipe {
  if (one.kind !== 'endpoints' || other.kind !== 'endpoints') return one
  return { kind: 'endpoints', endpoints: [...one.endpoints, ...other.endpoints] }
}

/** Regions are sites; other sets are sites by their identifiers. */
function siteOf({ draft }: HostedZone, { routing, id }: RecordSet): string {
  if (routing.kind === 'simple') return mainSite(draft)
  const region = routing.kind === 'latency' || routing.kind === 'geoproximity' ? routing.region : undefined
  if (region !== undefined) {
    const at = REGIONS.get(region)
    return siteNamed(draft, region, at === undefined ? {} : { at })
  }
  const at = routing.kind === 'geoproximity' ? routing.at : undefined
  const isPlace = at !== undefined && Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180
  const site: DraftSite = isPlace ? { at } : {}
  return siteNamed(draft, entryName(id ?? routing.kind), site)
}

function poolsAt(sites: readonly PlacedPool[]): Map<string, PoolRecipe> {
  return new Map(sites.map(({ site, pool }) => [site, pool]))
}

/** One address a family is an endpoint with the weight; more of them, or an alias, a service with the weight. */
function weightedPools(zone: HostedZone, sites: readonly PlacedPool[]): Map<string, PoolRecipe> {
  const weightOf = ({ set }: PlacedPool): number => (set.routing.kind === 'weighted' ? set.routing.weight : 1)
  const isAllZero = sites.every((placed) => weightOf(placed) === 0)
  return new Map(
    sites.map((placed): [string, PoolRecipe] => {
      const { site, set, pool } = placed
      const weight = isAllZero ? 1 : weightOf(placed)
      if (pool.kind === 'endpoints' && isOneOfEach(pool.endpoints)) {
        const extra = weight === 0 ? { standby: true } : { weight }
        return [site, { kind: 'endpoints', endpoints: pool.endpoints.map((endpoint) => ({ ...endpoint, ...extra })) }]
      }
      if (weight === 0) {
        const source = `${printName(set.owner)} ${set.type}, weight 0`
        const why = 'Route 53 serves it when all others are unhealthy; a service of weight 0 is never served'
        note(zone.draft, 'changed', set.place, { source, why, instead: 'give it a weight when it shall serve' })
      }
      if (pool.kind === 'recipe') return [site, { ...pool, weight }]
      const title = `${printName(set.owner)}, ${set.id ?? 'one set'}: all values together`
      const inner: Recipe = {
        place: set.place,
        title,
        steps: [],
        draw: 'all',
        panic: 0,
        pools: new Map([[site, pool]]),
      }
      return [site, { kind: 'recipe', recipe: inner, weight }]
    }),
  )
}

function isOneOfEach(endpoints: readonly DraftEndpoint[]): boolean {
  const isIpv6 = (endpoint: DraftEndpoint): boolean => endpoint.target.includes(':')
  return endpoints.filter(isIpv6).length <= 1 && endpoints.filter((endpoint) => !isIpv6(endpoint)).length <= 1
}

/** Up to eight values at random. */
function multivalueDraw(sites: readonly PlacedPool[]): Pick<Recipe, 'draw' | 'answers'> {
  const endpoints = sites.flatMap(({ pool }) => (pool.kind === 'endpoints' ? pool.endpoints : []))
  return endpoints.length <= MULTIVALUE_MAX ? { draw: 'all' } : { draw: 'weighted', answers: MULTIVALUE_MAX }
}

const MULTIVALUE_MAX = 8

function noteLatency({ draft }: HostedZone, set: RecordSet): void {
  const why = 'Amazon measured the latency between networks and its regions; windrose measures from your agents'
  const instead =
    'run an agent near your users in each part of the world; without them the nearest region by distance is served'
  note(draft, 'to do', set.place, { source: `${printName(set.owner)}, latency`, why, instead })
}

function nearestRecipe(zone: HostedZone, base: Base, sites: readonly PlacedPool[]): Recipe | undefined {
  const bias: Record<string, number> = {}
  const placed = sites.filter((one) => isPlaced(zone, one))
  for (const { site, set } of placed) {
    if (set.routing.kind === 'geoproximity' && set.routing.bias !== 0) bias[site] = set.routing.bias
  }
  const step: DraftStep = Object.keys(bias).length === 0 ? 'nearest' : { nearest: { bias } }
  return placed.length === 0 ? undefined : { ...base, steps: [step], draw: 'all', pools: poolsAt(placed) }
}

/** Distance counts, so each site needs a place. */
function isPlaced({ draft }: HostedZone, { site, sets }: PlacedPool): boolean {
  if (draft.sites.get(site)?.at !== undefined) return true
  for (const { owner, type, id, routing, place } of sets) {
    const source = `${printName(owner)} ${type}, ${id ?? routing.kind}`
    const why = 'where it is, is not known: it has no coordinates, and no region that is known'
    note(draft, 'left out', place, { source, why, instead: 'give a site its "at" and add the pool by hand' })
  }
  return false
}

interface AreaSource {
  readonly owner: Name
  readonly sites: readonly PlacedPool[]
  readonly place: RecordSet['place']
}

/**
 * The areas of geolocation and CIDR routing. Where the record of an area is unhealthy Route 53 takes that of the area
 * around it, and at last the default one: each area lists them in this order, and no others. Undefined without any area.
 */
function areasOf(zone: HostedZone, { owner, sites, place }: AreaSource): Map<string, DraftArea> | undefined {
  const own = new Map<string, string[]>()
  const around = new Map<string, readonly string[]>()
  const places = new Map<string, RecordSet['place']>()
  const add = (area: string, { site, set }: PlacedPool): void => {
    own.set(area, [...(own.get(area) ?? []), site])
    places.set(area, places.get(area) ?? set.place)
  }
  const everywhere: string[] = []
  for (const placed of sites) {
    const { site, set } = placed
    const { routing } = set
    if (routing.kind === 'geolocation' && routing.area !== '') {
      add(routing.area, placed)
      around.set(routing.area, routing.around)
    } else if (routing.kind === 'cidr') for (const block of blocksOf(zone, placed)) add(block, placed)
    else everywhere.push(site)
  }
  if (own.size === 0) return undefined
  const last = own.get('default')
  if (last === undefined) {
    const instead = 'they get the records of all areas, in the order of the file; write "default" as you wish'
    const why = 'clients of no area get no answer from Route 53; windrose always answers'
    note(zone.draft, 'changed', place, { source: `${printName(owner)}: no default record`, why, instead })
  }
  const fallback = last ?? sites.map(({ site }) => site)
  const areas = new Map<string, DraftArea>()
  for (const [area, listed] of own) {
    const outer = [...(around.get(area) ?? []), continentAround(area) ?? ''].flatMap((name) => own.get(name) ?? [])
    if (area !== 'default')
      areas.set(area, {
        place: places.get(area) ?? place,
        sites: unique([listed, outer, last ?? [], everywhere].flat()),
      })
  }
  areas.set('default', { place, sites: unique([...fallback, ...everywhere]) })
  return areas
}

function unique(sites: readonly string[]): string[] {
  return [...new Set(sites)]
}

/** The prefixes of a location; `*` is every other client. */
function blocksOf({ draft, blocks }: HostedZone, { set, sets }: PlacedPool): readonly string[] {
  const location = set.routing.kind === 'cidr' ? set.routing.location : '*'
  if (location === '*') return ['default']
  const found = blocks?.get(location)
  if (found !== undefined) return found
  for (const { owner, type, place } of sets) {
    const source = `${printName(owner)} ${type}, location ${location}`
    const why = blocks === undefined ? 'its prefixes stand in another file' : 'the file of prefixes does not have it'
    const instead = 'import with --cidr-blocks FILE, the output of "aws route53 list-cidr-blocks"'
    note(draft, 'left out', place, { source, why, instead })
  }
  return []
}
