import fc from 'fast-check'
import type { ClientClass } from './client-class.ts'
import type { Decision } from './decision.ts'
import {
  DEGRADED,
  DRAINED,
  FORCED,
  type HealthTable,
  healthCell,
  STABILITY_MAX,
  STALE,
  Verdict,
} from './health-table.ts'
import type { Endpoint, Pool, Service, Step } from './service.ts'

/** A service and the verdicts on its endpoints: what a test asks about, written by hand or made at random. */
export interface Scene {
  readonly service: Service
  readonly health: HealthTable
}

/**
 * A scene from a few words: sites with their endpoints, each written as `[!][~][+][^]VERDICT[/STABILITY] [KIND] [wWEIGHT] [gGROUP]`.
 *
 *   U       up for ever            D/40  down, up in 40 s at the soonest      ?     unknown
 *   !D      forced down            ~U    drained, up                          U v6  an IPv6 address
 *   U cname  a name                U w3  weight 3 (1 if not written)          +U    on standby, up
 *   ^U      held, up               U g2  of group 2
 *
 * The endpoints of site `p` are called p1, p2, ... Site indexes are positions.
 */
export function scene(pools: Readonly<Record<string, readonly string[]>>, changes: Partial<Service> = {}): Scene {
  const cells: number[] = []
  const service: Service = {
    name: 'web',
    index: 0,
    pools: Object.entries(pools).map(([siteName, texts], site) => ({
      site,
      siteName,
      endpoints: texts.map((text, i) => {
        const { cell, ...rest } = readEndpoint(text)
        return makeEndpoint({ ...rest, index: cells.push(cell) - 1, siteName, label: `${siteName}${i + 1}` })
      }),
    })),
    steps: [{ kind: 'failover', tiers: Object.keys(pools).map((_, i) => [i]), trickle: 0 }],
    answers: Number.POSITIVE_INFINITY,
    minAnswers: 1,
    missingFamily: 'next_site',
    panic: 0.5,
    onAllDown: 'serve_all',
    ttl: { max: 300, min: 10 },
    clientMap: 0,
    ...changes,
  }
  const health = table(cells, cells.length)
  const texts = Object.values(pools).flat()
  for (const [index, text] of texts.entries()) if (text.startsWith('^')) health.held[index] = 1
  return { service, health }
}

/** The vantages whose views the rows after the first are, as many as there are. */
export function vantagesOf(views: number): string[] {
  return Array.from({ length: Math.max(0, views - 1) }, (_, i) => `vantage-${i + 1}`)
}

export function table(cells: readonly number[], endpoints: number): HealthTable {
  return {
    cells: Uint32Array.from(cells),
    endpoints,
    changesAt: new Float64Array(endpoints).fill(Number.POSITIVE_INFINITY),
    held: new Uint8Array(endpoints),
    roundTrips: new Uint32Array(cells.length),
    vantages: vantagesOf(cells.length / endpoints),
  }
}

/** A class that lists these sites. */
export function placedAt(...sites: readonly number[]): ClientClass {
  return { rule: -1, view: 0, sites, areas: [] }
}

/** Labels of all endpoints that a decision may answer, sorted. */
export function served(decision: Decision): string[] {
  return [...new Set(decision.variants.flatMap((variant) => variant.endpoints.map((e) => e.label)))].sort()
}

/** How probable it is that each endpoint is the first of an answer, or anywhere in it, by label. */
export function probabilities(
  decision: Pick<Decision, 'variants'>,
  where: 'first' | 'anywhere',
): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { endpoints, share } of decision.variants) {
    for (const { label } of where === 'first' ? endpoints.slice(0, 1) : endpoints)
      sums[label] = (sums[label] ?? 0) + share
  }
  return sums
}

interface EndpointWords extends Pick<Endpoint, 'index' | 'label' | 'kind' | 'weight' | 'standby' | 'group'> {
  readonly siteName: string
}

export function makeEndpoint({ siteName, ...words }: EndpointWords): Endpoint {
  const { index, label, kind } = words
  const length = { ipv4: 4, ipv6: 16, name: 6 }[kind]
  const target = Uint8Array.from({ length }, (_, i) =>
    i === length - 1 ? index & 255 : i === length - 2 ? index >> 8 : 7,
  )
  return { ...words, id: `web/${siteName}/${label}`, target }
}

function readEndpoint(text: string): { cell: number } & Pick<Endpoint, 'kind' | 'weight' | 'standby' | 'group'> {
  const [, marks, letter, seconds, rest] = /^([!~+^]*)([UD?])(?:\/(\d+))?(.*)$/.exec(text) ?? []
  if (marks === undefined || letter === undefined) throw new Error(`no endpoint: ${text}`)
  const group = / g(\d+)/.exec(rest!)?.[1]
  const verdict = { U: Verdict.up, D: Verdict.down, '?': Verdict.unknown }[letter]!
  const flags = (marks.includes('!') ? FORCED : 0) | (marks.includes('~') ? DRAINED : 0)
  return {
    cell: healthCell(verdict, flags, seconds === undefined ? STABILITY_MAX : Number(seconds)),
    kind: / v6\b/.test(rest!) ? 'ipv6' : / cname\b/.test(rest!) ? 'name' : 'ipv4',
    weight: Number(/ w(\d+)/.exec(rest!)?.[1] ?? 1),
    ...(marks.includes('+') ? { standby: true } : {}),
    ...(group === undefined ? {} : { group: Number(group) }),
  }
}

/** Sites that random configurations have; a pool is at one of the first, a class may list any. */
const SITES = 7

export const anyClient: fc.Arbitrary<ClientClass> = fc.record({
  rule: fc.integer({ min: -1, max: 3 }),
  view: fc.nat(2),
  sites: fc.uniqueArray(fc.nat(SITES - 1), { maxLength: 3 }),
  areas: fc.tuple(fc.nat(2)),
})

const anyCell: fc.Arbitrary<number> = fc
  .record({
    verdict: fc.constantFrom(Verdict.up, Verdict.up, Verdict.down, Verdict.down, Verdict.unknown),
    flags: fc.constantFrom(0, 0, 0, 0, 0, DRAINED, FORCED, DRAINED | FORCED, STALE, DEGRADED),
    stability: fc.oneof(fc.nat(400), fc.constant(STABILITY_MAX)),
  })
  .map(({ verdict, flags, stability }) => healthCell(verdict, flags, stability))

const anyWeight: fc.Arbitrary<number> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }) },
  { weight: 1, arbitrary: fc.constant(0) },
)

type Shape = { kind: Endpoint['kind']; weight: number; standby?: boolean; group?: number }

/** A pool holds addresses of both families, or names. */
const anyPoolShape: fc.Arbitrary<Shape[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(
      fc.record(
        {
          kind: fc.constantFrom<Endpoint['kind']>('ipv4', 'ipv4', 'ipv6'),
          weight: anyWeight,
          standby: fc.constantFrom(false, false, false, true),
          group: fc.nat(3),
        },
        { requiredKeys: ['kind', 'weight'] },
      ),
      { minLength: 1, maxLength: 6 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.record({ kind: fc.constant<Endpoint['kind']>('name'), weight: anyWeight }), {
      minLength: 1,
      maxLength: 3,
    }),
  },
)

/** Any service whose policy has steps of these kinds, with any verdicts. */
export function anyScene(kinds: readonly Step['kind'][]): fc.Arbitrary<Scene> {
  return fc
    .tuple(anyService(kinds), fc.integer({ min: 1, max: 3 }))
    .chain(([service, views]) => anyHealth(countEndpoints(service), views).map((health) => ({ service, health })))
}

export function countEndpoints({ pools }: Service): number {
  return pools.reduce((sum, { endpoints }) => sum + endpoints.length, 0)
}

/** Its endpoints have the first indexes. */
export function anyService(kinds: readonly Step['kind'][]): fc.Arbitrary<Service> {
  return fc
    .record({
      shapes: fc.array(anyPoolShape, { minLength: 1, maxLength: 5 }),
      sites: fc.shuffledSubarray([...Array(SITES).keys()], { minLength: 5 }),
      groups: fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }),
      answers: fc.constantFrom(1, 1, 2, 3, 8, Number.POSITIVE_INFINITY),
      wanted: fc.constantFrom(1, 1, 1, 2, 3),
      missingFamily: fc.constantFrom<Service['missingFamily']>('next_site', 'next_site', 'same_site'),
      circumstances: fc.record({
        trickle: fc.constantFrom(0, 0, 0.05, 0.5),
        fence: fc.boolean(),
        own: fc.constantFrom<readonly SimpleKind[]>([], [], ['nearest', 'consistent'], ['latency'], ['all']),
      }),
      panic: fc.constantFrom(0, 0.25, 0.5, 0.5, 0.55, 1),
      onAllDown: fc.constantFrom<Service['onAllDown']>('serve_all', 'serve_all', 'nodata', 'servfail'),
      ttl: fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(100)).map(([min, more]) => ({ min, max: min + more })),
    })
    .map(({ shapes, sites, groups, wanted, circumstances, ...rest }) => {
      let index = 0
      const pools: Pool[] = shapes.map((shape, position) => ({
        site: sites[position]!,
        siteName: `s${sites[position]}`,
        endpoints: shape.map((s, i) =>
          makeEndpoint({ ...s, index: index++, siteName: `s${sites[position]}`, label: `s${sites[position]}-${i}` }),
        ),
      }))
      return {
        ...rest,
        name: 'web',
        index: 0,
        pools,
        minAnswers: Math.min(wanted, rest.answers),
        steps: kinds.map((kind) => stepOf(kind, { groups, pools: pools.length, ...circumstances })),
        clientMap: 0,
      }
    })
}

export function anyHealth(endpoints: number, views: number): fc.Arbitrary<HealthTable> {
  const rows = { minLength: endpoints * views, maxLength: endpoints * views }
  const ends = fc.oneof(
    { weight: 4, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.nat(1e6) },
  )
  return fc
    .record({
      cells: fc.array(anyCell, rows),
      changesAt: fc.array(ends, { minLength: endpoints, maxLength: endpoints }),
      held: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: endpoints, maxLength: endpoints }),
      roundTrips: fc.array(fc.constantFrom(0, 0, 5_000, 9_000, 20_000, 80_000), rows),
    })
    .map(({ cells, changesAt, held, roundTrips }) => ({
      cells: Uint32Array.from(cells),
      endpoints,
      changesAt: Float64Array.from(changesAt),
      held: Uint8Array.from(held),
      roundTrips: Uint32Array.from(roundTrips),
      vantages: vantagesOf(views),
    }))
}

interface StepWords {
  readonly groups: readonly number[]
  readonly pools: number
  readonly trickle: number
  readonly fence: boolean
  /** The steps that one area has for itself. */
  readonly own: readonly SimpleKind[]
}

type SimpleKind = Exclude<Step['kind'], 'geo' | 'failover'>

/**
 * A step of each kind; the areas of a `geo` step list the same groups in three orders, one of them behind a fence and one with
 * steps of its own.
 */
function stepOf(kind: Step['kind'], words: StepWords): Step {
  const { groups, pools, trickle, fence, own } = words
  const tiers = groupPools(groups, pools)
  switch (kind) {
    case 'failover':
      return { kind, tiers, trickle }
    case 'geo': {
      const areas = [tiers, [...tiers].reverse(), tiers.slice(0, 1)].map((listed, i) => ({
        label: `area ${i}`,
        tiers: listed,
        fence: i === 2 && fence && listed.length > 0,
        ...(i === 1 && own.length > 0 ? { steps: own.map((inner) => stepOf(inner, words)) } : {}),
      }))
      return { kind, table: 0, areas }
    }
    case 'latency':
      return { kind, tolerance: { milliseconds: 5, percent: 10 } }
    default:
      return { kind }
  }
}

/** Up to three listed groups; a pool whose number is 3 is in none. */
function groupPools(groups: readonly number[], pools: number): number[][] {
  return [0, 1, 2]
    .map((group) => [...Array(pools).keys()].filter((pool) => groups[pool] === group))
    .filter((group) => group.length > 0)
}
