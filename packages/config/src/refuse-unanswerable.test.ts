import { listProblems, ZONE_FILE } from './written-configuration.arbitraries.ts'

const written = (policy: string, pools: string, more = ''): string => `sites: { fra: {}, iad: {} }
services:
  web: { policy: [${policy}], pools: { ${pools} } }
${more}`

const FENCED = '{ geo: { areas: { "country:DE": { sites: [fra], fence: true }, default: [] } } }'
const NOTHING = 'could never be answered: nothing inside the fence is ever served'

describe('refused with the place is a policy that can never answer', () => {
  test.each([
    [
      'the clients of an area, whose sites have weight 0',
      written(FENCED, 'fra: [{ address: 192.0.2.1, weight: 0 }], iad: [192.0.2.2]'),
      `windrose.yaml:3:37: services.web.policy[0].geo.areas["country:DE"]: clients of the area country:DE ${NOTHING}`,
    ],
    [
      'the clients of an area, whose site is a service of weight 0',
      written(
        FENCED,
        'fra: { service: inner, weight: 0 }, iad: [192.0.2.2]',
        '  inner: { policy: weighted, pools: { fra: [192.0.2.9] } }\n',
      ),
      `windrose.yaml:3:37: services.web.policy[0].geo.areas["country:DE"]: clients of the area country:DE ${NOTHING}`,
    ],
    [
      'clients behind two fences without a site in common',
      written(`${FENCED}, ${FENCED.replace('[fra]', '[iad]')}`, 'fra: [192.0.2.1], iad: [192.0.2.2]'),
      `windrose.yaml:3:119: services.web.policy[1].geo.areas["country:DE"]: clients of the area country:DE, in it country:DE ${NOTHING}`,
    ],
    [
      'clients behind the fence of an area that is inside another',
      written(
        FENCED.replace('fence: true', 'fence: true, policy: [{ geo: { fence: true, areas: { default: [iad] } } }]'),
        'fra: [192.0.2.1], iad: [192.0.2.2]',
      ),
      `windrose.yaml:3:10: services.web.policy: clients of the area country:DE, in it default ${NOTHING}`,
    ],
    [
      'anybody, since all services in it have weight 0',
      written(
        'nearest',
        'fra: { service: inner, weight: 0 }',
        '  inner: { policy: weighted, pools: { fra: [192.0.2.9] } }\n',
      ),
      'windrose.yaml:3:29: services.web.pools: every endpoint and every service in it has weight 0: none would ever be served',
    ],
  ])('%s', async (_, text, expected) => {
    expect((await listProblems(text)).split('\n')[0]).toBe(expected)
  })

  test('but none of which a nested service could serve', async () => {
    const text = written(
      FENCED,
      'fra: { service: inner }, iad: [{ address: 192.0.2.2, weight: 0 }]',
      '  inner: { policy: weighted, pools: { fra: [192.0.2.9] } }\n',
    )
    expect(await listProblems(text)).not.toContain('never')
  })
})

describe('refused is a prefix of IPv6 addresses that carry IPv4 ones, with the one to write instead,', () => {
  test.each([
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['2002:a00::/24', '10.0.0.0/8'],
    ['64:ff9b::a01:0/112', '10.1.0.0/16'],
    ['2001:0:1:2:3:4:f5ff:0/112', '10.0.0.0/16'],
  ])('in an override and in an area: %s', async (prefix, instead) => {
    const areas = `{ geo: { areas: { "${prefix}": [fra], default: [] } } }`
    const override = `geo: { overrides: [{ prefix: "${prefix}", sites: [fra] }] }\n`
    const found = (await listProblems(written(areas, 'fra: [192.0.2.1], iad: [192.0.2.2]', override))).split('\n')
    expect(found.filter((line) => line.includes('no client is ever in it'))).toEqual([
      expect.stringContaining(`services.web.policy[0].geo.areas["${prefix}"]: `),
      expect.stringMatching(/^windrose\.yaml:4:30: geo\.overrides\[0\]\.prefix: /),
    ])
    expect(found.filter((line) => line.trim() === `write ${instead}`)).toHaveLength(2)
  })
})

test('an area whose key is given twice is told once, at the second', async () => {
  const areas = '{ geo: { areas: { "country:DE": [fra], "country:DE": [iad], default: [] } } }'
  const found = await listProblems(written(areas, 'fra: [192.0.2.1], iad: [192.0.2.2]'))
  expect(found.split('\n').filter((line) => line.startsWith('windrose'))).toEqual([
    'windrose.yaml:3:58: the key "country:DE" is given twice',
  ])
})

describe('the hint for an answer that does not fit', () => {
  const many = Array.from({ length: 100 }, (_, i) => `192.0.2.${i + 1}`).join(', ')
  const zones = 'zones: { example.org: { records: org.zone, steer: { www: web } } }\n'
  const hintOf = async (text: string): Promise<string | undefined> =>
    (await listProblems({ 'windrose.yaml': text + zones, 'org.zone': ZONE_FILE }))
      .split('\n')
      .find((line) => /answers: \d/.test(line))
      ?.trim()

  test('is a number that can be written', async () => {
    expect(await hintOf(written('nearest', `fra: [${many}]`))).toBe('answers: 64')
  })

  test('is about the draw where that answers everything', async () => {
    expect(await hintOf(written('nearest, all', `fra: [${many}]`))).toBe('round_robin instead of all, and answers: 64')
  })

  test('names the service inside that has so many', async () => {
    const inner = `  inner: { policy: nearest, pools: { fra: [${many}] } }\n`
    expect(await hintOf(written('nearest', 'fra: { service: inner }', inner))).toBe('answers: 64 in services.inner')
  })
})
