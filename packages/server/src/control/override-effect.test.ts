import { type EndpointStatus, UNCHECKED } from '@windrose/health'
import { type Endpoint, Verdict } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { foreseeOverride } from './override-effect.ts'

interface Drawn {
  /** `web/fra/192.0.2.1`; a colon in the address makes it IPv6. */
  readonly id: string
  readonly weight?: number
  readonly verdict?: Verdict
  readonly drained?: boolean
}

function foresee(site: string, drawn: readonly Drawn[], capacities: Readonly<Record<string, number | undefined>>) {
  const sites = Object.entries(capacities).map(([name, value]) => ({
    name,
    riskGroups: [],
    ...(value === undefined ? {} : { capacity: { value, target: 0.8, low: 0.65 } }),
  }))
  const services = [...new Set(drawn.map(({ id }) => id.split('/')[0]!))]
  const endpoints = drawn.map(({ id, weight = 1 }, index) => {
    const [service, at, label] = id.split('/')
    const kind = label!.includes(':') ? 'ipv6' : label!.endsWith('.') ? 'name' : 'ipv4'
    const endpoint = { index, id, kind, label, weight } as Endpoint
    return { endpoint, service: services.indexOf(service!), site: Object.keys(capacities).indexOf(at!), targets: [] }
  })
  const configuration = {
    sites,
    services: services.map((name, index) => ({ name, index, ttl: { max: name === 'slow' ? 300 : 30, min: 5 } })),
    endpoints,
  } as unknown as ServedConfiguration
  const statuses = drawn.map(({ id, verdict = Verdict.up, drained = false }): EndpointStatus => {
    const bare = { reason: '', real: UNCHECKED, override: undefined, cell: 0, changesAt: 0, views: [] }
    return { id, effective: verdict, drained, ...bare }
  })
  return foreseeOverride({ target: { kind: 'site', site }, action: 'drain' }, configuration, statuses)
}

const FRA = 'web/fra/192.0.2.1'
const IAD = 'web/iad/192.0.2.2'

test('the TTL is the longest of the affected services, and 0 where none is', () => {
  const drawn = [{ id: FRA }, { id: 'slow/iad/192.0.2.3' }]
  expect(foresee('fra', drawn, { fra: 1, iad: 1 })).toMatchObject({ services: ['web'], ttlSeconds: 30 })
  expect(foresee('*', drawn, { fra: 1, iad: 1 })).toMatchObject({ services: ['web', 'slow'], ttlSeconds: 300 })
  expect(foresee('x*', drawn, { fra: 1, iad: 1 })).toMatchObject({ endpoints: [], services: [], ttlSeconds: 0 })
})

test.each<[string, readonly Drawn[], Record<string, number | undefined>, readonly string[]]>([
  ['enough capacity remains', [{ id: FRA }, { id: IAD }], { fra: 100, iad: 100 }, []],
  [
    'less capacity remains than leaves',
    [{ id: FRA }, { id: IAD }],
    { fra: 4000, iad: 3000 },
    ['web: what remains has capacity 3000, less than the 4000 that leave'],
  ],
  ['a site does not tell its capacity', [{ id: FRA }, { id: IAD }], { fra: 4000, iad: undefined }, []],
  ['nothing else is there', [{ id: FRA }], { fra: 1 }, ['web: nothing else is up for IPv4']],
  [
    'the others are down',
    [{ id: FRA }, { id: IAD, verdict: Verdict.down }],
    { fra: 1, iad: 1 },
    ['web: nothing else is up for IPv4'],
  ],
  [
    'the others are drained',
    [{ id: FRA }, { id: IAD, drained: true }],
    { fra: 1, iad: 1 },
    ['web: nothing else is up for IPv4'],
  ],
  [
    'the others have weight 0',
    [{ id: FRA }, { id: IAD, weight: 0 }],
    { fra: 1, iad: 1 },
    ['web: nothing else is up for IPv4'],
  ],
  [
    'one family is left alone',
    [{ id: FRA }, { id: 'web/fra/2001:db8::1' }, { id: IAD }],
    { fra: 1, iad: 1 },
    ['web: nothing else is up for IPv6'],
  ],
  [
    'a name serves both families',
    [{ id: FRA }, { id: 'web/fra/2001:db8::1' }, { id: 'web/iad/cdn.example.' }],
    { fra: 1, iad: 1 },
    [],
  ],
  ['what leaves was down anyway', [{ id: FRA, verdict: Verdict.down }, { id: IAD }], { fra: 9, iad: 1 }, []],
])('when %s', (_when, drawn, capacities, warnings) => {
  expect(foresee('fra', drawn, capacities).warnings).toEqual(warnings)
})
