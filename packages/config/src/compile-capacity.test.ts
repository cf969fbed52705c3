import { listProblems, readWritten } from './written-configuration.arbitraries.ts'

const CHECKS = `
checks:
  app: { type: http, path: /load, interval: 7s, timeout: 1s }
  ping: { type: icmp }
  head: { type: http, method: HEAD }
`
const SERVICES = `
services:
  web: { policy: nearest, capacity: spill, checks: [app, ping, head], pools: { fra: [192.0.2.1, "2001:db8::1"], iad: [198.51.100.1] } }
`
const sites = (capacity: string) => `
sites:
  fra: { at: [50.11, 8.68], capacity: ${capacity} }
  iad: { at: [38.95, -77.45], capacity: 100 }
`

async function read(capacity: string) {
  return readWritten(`${sites(capacity)}${CHECKS}${SERVICES}`)
}

test('a capacity in numbers is one of queries that are counted', async () => {
  const { configuration } = await read('100')
  expect(configuration!.sites[0]!.capacity).toEqual({ value: 100, target: 0.8, low: 0.65, unit: 'queries' })
})

test.each([
  ['header: X-Load', { in: 'header', name: 'X-Load' }, 'X-Load'],
  ['json: /load/0', { in: 'json', pointer: '/load/0' }, '/load/0'],
  ['metric: in_flight', { in: 'metric', name: 'in_flight', labels: {} }, 'in_flight'],
  ['metric: m, labels: { pool: web }', { in: 'metric', name: 'm', labels: { pool: 'web' } }, 'm'],
])('a source with %s is read by the check, at the endpoints of this site alone', async (source, field, unit) => {
  const { configuration } = await read(`{ value: 0.5, source: { check: app, ${source} } }`)
  const { reported, ...capacity } = configuration!.sites[0]!.capacity!
  expect(capacity).toEqual({ value: 0.5, target: 0.8, low: 0.65, unit })
  expect(reported).toMatchObject({ check: 'app', field, combine: 'sum', intervalMs: 7000 })
  expect(reported!.targets.map(({ family }) => family)).toEqual(['ipv4', 'ipv6'])
  const looking = configuration!.probeTargets.filter(({ check }) => 'load' in check)
  expect(looking.map(({ id }) => id)).toEqual(reported!.targets.map(({ id }) => id))
  expect(looking.map(({ address }) => address)).toEqual(['192.0.2.1', '2001:db8::1'])
  expect(configuration!.endpoints[0]!.targets).toContain(looking[0]!.id)
})

test.each([
  ['{ value: 1, source: { check: ap, header: X } }', /no check "ap"[\s\S]*did you mean "app"/],
  [
    '{ value: 1, source: { check: ping, header: X } }',
    /"ping" is a icmp check: only http and https checks read a load/,
  ],
  ['{ value: 1, source: { check: head, json: /a } }', /asks with HEAD, so there is no body/],
  ['{ value: 1, source: { check: app } }', /nothing says where in the answer the load is/],
  ['{ value: 1, source: { check: app, header: X, json: /a } }', /read from one place, and "header" is given/],
  ['{ value: 1, source: { check: app, header: X, labels: { a: b } } }', /"labels" are those of "metric"/],
  ['{ value: 1, source: { check: app, json: load } }', /not a JSON Pointer/],
  ['{ value: 1, source: { check: app, metric: "m{a=1}" } }', /not the name of a metric/],
  ['{ value: 1, unit: sessions }', /queries are counted, not sessions/],
  ['{ value: 0 }', /0/],
])('%s is refused', async (capacity, problem) => {
  expect(await listProblems(`${sites(capacity)}${CHECKS}${SERVICES}`)).toMatch(problem)
})

test('a check that no endpoint of the site has is refused, and it is said how to add it', async () => {
  const text = `${sites('{ value: 1, source: { check: app, header: X } }')}${CHECKS}${SERVICES.replace('app, ', '')}`
  expect(await listProblems(text)).toMatch(/no endpoint at fra is checked by "app"/)
})
