import type { Service } from '@windrose/steering'
import { readWritten } from './written-configuration.arbitraries.ts'

const SITES = `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
  "10": { country: SG }
  spare: {}
geo: { databases: [${JSON.stringify(`${__dirname}/../../../geo-data/test.mmdb`)}] }
`

const POOLS = 'pools: { iad: [192.0.2.2], fra: [192.0.2.1], "10": [192.0.2.3] }'

async function compile(services: string): Promise<readonly Service[]> {
  const { configuration, problems } = await readWritten(`${SITES}services:\n${services}`)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return configuration!.services
}

describe('a policy', () => {
  test.each([
    ['nearest', [{ kind: 'nearest' }]],
    ['weighted', [{ kind: 'weighted' }]],
    ['consistent', [{ kind: 'consistent' }]],
    ['[nearest, consistent]', [{ kind: 'nearest' }, { kind: 'consistent' }]],
    ['[failover, consistent]', [{ kind: 'failover', tiers: [[0], [1], [2]], trickle: 0 }, { kind: 'consistent' }]],
    ['failover', [{ kind: 'failover', tiers: [[0], [1], [2]], trickle: 0 }]],
    ['[nearest, weighted]', [{ kind: 'nearest' }, { kind: 'weighted' }]],
    ['[{ failover: [["10", iad], fra] }]', [{ kind: 'failover', tiers: [[2, 0], [1]], trickle: 0 }]],
    ['[{ failover: [fra] }, nearest]', [{ kind: 'failover', tiers: [[1]], trickle: 0 }, { kind: 'nearest' }]],
    ['{ nearest: { bias: { fra: 20 } } }', [{ kind: 'nearest' }]],
    ['[{ nearest: { bias: { fra: 20 } } }, weighted]', [{ kind: 'nearest' }, { kind: 'weighted' }]],
  ])('%s has its steps, with pools by their index in the order of the file', async (policy, steps) => {
    const [service] = await compile(`  web: { policy: ${policy}, ${POOLS} }\n`)
    expect(service?.pools.map(({ siteName }) => siteName)).toEqual(['iad', 'fra', '10'])
    expect(service?.pools.map(({ site }) => site)).toEqual([1, 0, 2])
    expect(service?.steps).toEqual(steps)
  })

  test('gives one answer when it is spread over endpoints, else all, unless told', async () => {
    const services = await compile(`  a: { policy: nearest, ${POOLS} }
  b: { policy: [nearest, weighted], ${POOLS} }
  c: { policy: weighted, answers: 3, ${POOLS} }
  d: { policy: weighted, answers: all, ${POOLS} }
  e: { policy: consistent, ${POOLS} }
  f: { policy: [nearest, consistent], answers: 2, ${POOLS} }
`)
    expect(services.map(({ answers }) => answers)).toEqual([
      Number.POSITIVE_INFINITY,
      1,
      3,
      Number.POSITIVE_INFINITY,
      1,
      2,
    ])
  })
})

describe('a client map', () => {
  test('is shared by services with the same sites and biases, and made for no others', async () => {
    const { configuration } = await readWritten(`${SITES}services:
  a: { policy: nearest, pools: { fra: [192.0.2.1], iad: [192.0.2.2] } }
  b: { policy: [nearest, weighted], pools: { iad: [192.0.2.3], fra: [192.0.2.4] } }
  c: { policy: [{ nearest: { bias: { fra: 20 } } }], pools: { fra: [192.0.2.5], iad: [192.0.2.6] } }
  d: { policy: [{ nearest: { bias: { fra: 0 } } }], pools: { fra: [192.0.2.7], iad: [192.0.2.8] } }
  e: { policy: nearest, pools: { fra: [192.0.2.9], "10": [192.0.2.10] } }
  f: { policy: failover, pools: { fra: [192.0.2.11], iad: [192.0.2.12] } }
  g: { policy: nearest, pools: { spare: [192.0.2.13] } }
  h: { policy: consistent, pools: { fra: [192.0.2.14], iad: [192.0.2.15] } }
`)
    expect(configuration?.services.map(({ clientMap }) => clientMap)).toEqual([0, 0, 1, 0, 2, -1, -1, -1])
    expect(configuration?.geo.mapSpecs).toEqual([
      {
        sites: [
          { ...FRA, bias: 0 },
          { ...IAD, bias: 0 },
        ],
        preferred: 3,
        rules: [],
      },
      {
        sites: [
          { ...FRA, bias: 20 },
          { ...IAD, bias: 0 },
        ],
        preferred: 3,
        rules: [],
      },
      {
        sites: [
          { ...FRA, bias: 0 },
          { index: 2, ...SINGAPORE, bias: 0 },
        ],
        preferred: 3,
        rules: [],
      },
    ])
  })
})

const FRA = { index: 0, latitude: 50.11, longitude: 8.68 }
const IAD = { index: 1, latitude: 38.95, longitude: -77.45 }
/** What geo has for the country, as `at` is not given. */
const SINGAPORE = { latitude: 1.4, longitude: 103.8 }
