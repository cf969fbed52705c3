import { servicesWithin } from './nest-services.ts'
import { readWritten } from './written-configuration.arbitraries.ts'

const SITES = `sites:
  fra: { at: [50.11, 8.68], risk_groups: [isp-a] }
  iad: { at: [38.95, -77.45], risk_groups: [isp-a, power] }
  sin: { country: SG, risk_groups: [power] }
  gru: { country: BR }
`

async function read(services: string) {
  const { configuration, problems } = await readWritten(`${SITES}services:\n${services}`)
  return {
    configuration,
    errors: problems.filter(({ severity }) => severity === 'error').map(({ message, hint }) => `${message} (${hint})`),
  }
}

test('a pool may be another service, which may be written further down and be at no site', async () => {
  const { configuration, errors } =
    await read(`  web: { policy: failover, pools: { eu: { service: web-eu }, fra: [192.0.2.1] } }
  web-eu: { policy: weighted, pools: { fra: [192.0.2.2], iad: { service: deep, weight: 3 } } }
  deep: { policy: weighted, pools: { iad: [192.0.2.3] } }
`)
  expect(errors).toEqual([])
  const [web, eu, deep] = configuration!.services
  expect(servicesWithin(web!).map(({ name }) => name)).toEqual(['web', 'web-eu', 'deep'])
  expect(web!.pools[0]).toMatchObject({ site: -1, siteName: 'eu', endpoints: [], nested: { weight: 1 } })
  expect(eu!.pools[1]).toMatchObject({ siteName: 'iad', nested: { service: { name: 'deep' }, weight: 3 } })
  expect(servicesWithin(deep!).length).toBe(1)
})

test('what depends on an endpoint are its service and all that it is nested in', async () => {
  const { configuration } =
    await read(`  web: { policy: failover, pools: { eu: { service: web-eu }, fra: [192.0.2.1] } }
  web-eu: { policy: weighted, pools: { fra: [192.0.2.2] } }
`)
  expect(configuration!.endpoints.map(({ servedBy }) => [...servedBy].sort())).toEqual([[0], [0, 1]])
})

test('refused: a service that is not there, and a circle, told once for each service in it', async () => {
  const { errors } = await read(`  web: { policy: failover, pools: { eu: { service: web-ue } } }
  web-eu: { policy: failover, pools: { a: { service: loop } } }
  loop: { policy: failover, pools: { b: { service: web-eu } } }
  self: { policy: failover, pools: { c: { service: self } } }
`)
  expect(errors).toEqual([
    'services.web.pools.eu.service: there is no service "web-ue" (did you mean "web-eu"?)',
    'services.web-eu.pools.a.service: a circle: loop -> web-eu -> loop (a service cannot stand for itself)',
    'services.loop.pools.b.service: a circle: web-eu -> loop -> web-eu (a service cannot stand for itself)',
    'services.self.pools.c.service: a circle: self -> self (a service cannot stand for itself)',
  ])
})

test.each([
  ['', [undefined, undefined, undefined, undefined]],
  ['distinct_by: site,', [0, 1, 2, 3]],
  // fra and sin have no risk in common, but each has one with iad.
  ['distinct_by: risk_group,', [0, 0, 0, 3]],
])('%s groups endpoints so that one of a group is in an answer', async (distinct, groups) => {
  const pools = 'pools: { fra: [192.0.2.1], iad: [192.0.2.2], sin: [192.0.2.3], gru: [192.0.2.4] }'
  const { configuration } = await read(`  web: { policy: weighted, ${distinct} ${pools} }\n`)
  expect(configuration!.services[0]!.pools.map(({ endpoints }) => endpoints[0]!.group)).toEqual(groups)
})

test.each([
  ['answers: 1, min_answers: 2', 'services.web.min_answers: min_answers (2) is above answers (1) (raise answers)'],
  ['answers: 2, policy: all', 'services.web.answers: "all" answers every endpoint (leave one of both out)'],
])('refused: %s', async (settings, error) => {
  const policy = settings.includes('policy') ? '' : 'policy: weighted,'
  const { errors } = await read(`  web: { ${policy} ${settings}, pools: { fra: [192.0.2.1, 192.0.2.2] } }\n`)
  expect(errors).toEqual([error])
})

test('what a failover says of failed pools is held with their endpoints', async () => {
  const pools = 'pools: { fra: [192.0.2.1], iad: [192.0.2.2] }'
  const { configuration } = await read(
    `  web: { policy: [{ failover: { tiers: [iad, fra], hold_down: 2m, failback: manual, trickle: 0.1 } }], ${pools} }\n`,
  )
  expect(configuration!.services[0]!.steps).toEqual([{ kind: 'failover', tiers: [[1], [0]], trickle: 0.1 }])
  expect(configuration!.endpoints.map(({ hold }) => hold)).toEqual(
    Array(2).fill({ holdDownMs: 120_000, isManual: true }),
  )
})
