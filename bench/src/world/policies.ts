import { KEPT, type Site, WEIGHTED } from './world.ts'

/** A way to steer that is measured by names of its own. */
export interface MeasuredPolicy {
  readonly title: string
  /** First label of its names, with `#` for the number: as long as those of other worlds. */
  readonly owner: `${string}#`
  /** Lines of its service but for the pools, without indentation. */
  readonly settings: readonly string[]
  /** Its pools, if they are not those of all sites. */
  readonly pools?: (sites: readonly Site[]) => Readonly<Record<string, unknown>>
  /** Records of each answer. */
  readonly records: number
}

const AREAS = 'country:DE: [fra], country:JP: [sin], country:US: [iad], continent:EU: [fra, iad], default: [iad, sin]'

/** Every kind of step, draw and rule, alone or as it is used with others. Sites are the first three of the world. */
export const POLICIES: readonly MeasuredPolicy[] = [
  { title: 'nearest', owner: 'g#', settings: ['policy: nearest', 'answers: 2'], records: 2 },
  {
    title: 'nearest with bias',
    owner: 'b#',
    settings: ['policy: { nearest: { bias: { fra: 20, sin: -30 } } }', 'answers: 2'],
    records: 2,
  },
  { title: 'geo', owner: 'e#', settings: [`policy: { geo: { areas: { ${AREAS} } } }`, 'answers: 2'], records: 2 },
  { title: 'latency', owner: 'l#', settings: ['policy: latency', 'answers: 2'], records: 2 },
  { title: 'failover', owner: 'f#', settings: ['policy: { failover: [fra, [iad, sin]] }', 'answers: 2'], records: 2 },
  {
    title: 'failover with trickle',
    owner: 't#',
    settings: ['policy: { failover: { tiers: [fra, iad, sin], trickle: 0.05 } }', 'answers: 2'],
    records: 2,
  },
  {
    title: 'weighted',
    owner: 'w#',
    settings: ['policy: weighted', 'answers: 1'],
    pools: ([site]) => ({ [site!.name]: WEIGHTED }),
    records: 1,
  },
  { title: 'round_robin', owner: 'r#', settings: ['policy: round_robin', 'answers: 2'], records: 2 },
  { title: 'all', owner: 'a#', settings: ['policy: all'], records: 6 },
  {
    title: 'consistent',
    owner: 'c#',
    settings: ['policy: consistent', 'answers: 1'],
    pools: ([site]) => ({ [site!.name]: KEPT }),
    records: 1,
  },
  {
    title: 'geo, then consistent',
    owner: 'k#',
    settings: [`policy: [{ geo: { areas: { ${AREAS} } } }, consistent]`, 'answers: 1'],
    records: 1,
  },
  {
    title: 'services in a service',
    owner: 'n#',
    settings: ['policy: nearest', 'answers: 2'],
    pools: (sites) => Object.fromEntries(sites.map(({ name }) => [name, { service: `inner-${name}` }])),
    records: 2,
  },
  {
    title: 'distinct_by site, min_answers',
    owner: 'd#',
    settings: ['policy: nearest', 'answers: 2', 'min_answers: 2', 'distinct_by: site'],
    records: 2,
  },
  {
    title: 'nearest, spilling over',
    owner: 's#',
    settings: ['policy: nearest', 'answers: 2', 'capacity: spill'],
    records: 2,
  },
]
