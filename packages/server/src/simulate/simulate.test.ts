import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeMmdb, type MmdbRecord } from '@windrose/geo'
import { readPrefix } from '@windrose/ip'
import type { PopulationBody, SimulationBody } from '../control/simulate-types.ts'
import { CLOCK } from '../what-if/clock.ts'
import { readWhatIf } from './read-what-if.ts'
import { runSimulation } from './run-simulation.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-simulate-'))
  writeFileSync(
    join(folder, 'zone'),
    '$TTL 300\n@ SOA ns1 hostmaster 1 7200 1800 1209600 60\n@ NS ns1\nns1 A 192.0.2.53\nold CNAME www\n',
  )
  write('places.mmdb', {
    '80.0.0.0/16': { country_code: 'DE' },
    '90.0.0.0/17': { country_code: 'US' },
    '100.0.0.0/18': { country_code: 'US' },
    // Both are looked up otherwise, whatever the database says.
    '10.1.0.0/16': { country_code: 'US' },
    '2002::/16': { country_code: 'US' },
    '2a00::/32': { country_code: 'DE' },
  })
  write('networks.mmdb', {
    '80.0.0.0/17': { asn: 64500, as_name: 'Big' },
    '80.0.128.0/24': { asn: 64501, as_name: 'Small' },
    '90.0.0.0/24': { asn: 64502, as_name: 'Far' },
  })
  writeFileSync(join(folder, 'windrose.yaml'), CONFIG)
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(file: string, networks: Readonly<Record<string, MmdbRecord>>): void {
  const entries = Object.entries(networks).map(([text, record]) => ({ prefix: readPrefix(text)!.prefix, record }))
  const octets = composeMmdb({ databaseType: 'made', buildEpoch: 1, ipVersion: 6, recordSize: 24, entries })
  writeFileSync(join(folder, file), octets)
}

const CONFIG = `
listen: 127.0.0.1:5300
state_dir: state
sites:
  fra: { at: [50.11, 8.68], capacity: 300 }
  iad: { at: [38.95, -77.45], capacity: 100 }
geo:
  databases: [places.mmdb, networks.mmdb]
  overrides: [{ prefix: 10.0.0.0/16, sites: [fra] }, { prefix: 90.0.0.0/24, sites: [fra] }]
services:
  web:
    policy: nearest
    pools:
      fra: [192.0.2.1, "2001:db8::1"]
      iad: [192.0.2.2]
  half:
    policy: weighted
    answers: 1
    pools:
      fra: [192.0.2.1]
      iad: [192.0.2.2]
zones:
  example.org: { records: zone, steer: { www: web, h: half } }
`

async function simulate(request: object, file = 'windrose.yaml'): Promise<SimulationBody> {
  const read = readWhatIf(request)
  if ('problem' in read) throw new Error(read.problem)
  const result = await runSimulation(join(folder, file), read.whatIf, CLOCK)
  if ('problem' in result) throw new Error(result.problem)
  if ('refusal' in result) throw new Error(result.refusal)
  return result
}

/** `units: SITE SHARE, ... > SITE SHARE, ...` */
function shares({ units, before, after }: PopulationBody): string {
  const print = (list: PopulationBody['before']): string => list.map(({ site, share }) => `${site} ${share}`).join(', ')
  return `${units}: ${print(before)} > ${print(after)}`
}

describe('a simulation', () => {
  test('counts the /24s and /48s that databases place, whoever is asked for', async () => {
    const { services, changes, notes, seconds } = await simulate({})
    expect(changes).toEqual([])
    expect(notes).toEqual([])
    expect(seconds).toBeGreaterThan(0)
    // 256 in DE, 128 and 64 in US, of which one /24 is overridden; private and 6to4 addresses are nobody's place.
    expect(services.map(({ service, ipv4, ipv6 }) => [service, shares(ipv4), shares(ipv6)])).toEqual([
      ['web', `448: fra ${257 / 448}, iad ${191 / 448} > fra ${257 / 448}, iad ${191 / 448}`, '65536: fra 1 > fra 1'],
      ['half', '448: fra 0.5, iad 0.5 > fra 0.5, iad 0.5', '65536: fra 0.5, iad 0.5 > fra 0.5, iad 0.5'],
    ])
  })

  test('says of a lost site who goes where, by country and by network', async () => {
    const { services, changes } = await simulate({ service: 'web', kill: ['fra'] })
    const [{ ipv4, countries, networks, named, sites }] = services as [SimulationBody['services'][0]]
    expect(changes).toEqual(['kill fra'])
    expect(sites).toEqual(['fra', 'iad'])
    expect(ipv4.moves).toEqual([{ from: 'fra', to: 'iad', share: 257 / 448 }])
    expect(countries.map((one) => [one.country, shares(one.ipv4), one.ipv4.moved])).toEqual([
      ['DE', '256: fra 1 > iad 1', 1],
      ['US', `192: iad ${191 / 192}, fra ${1 / 192} > iad 1`, 1 / 192],
    ])
    expect(networks.map((one) => [one.asn, one.organisation, one.ipv4.units, one.ipv4.moved])).toEqual([
      [64500, 'Big', 128, 1],
      [64501, 'Small', 1, 1],
      [64502, 'Far', 1, 1],
    ])
    expect(shares(named.ipv4)).toBe('256: fra 1 > iad 1')
  })

  test('of AAAA asks for the addresses of that family', async () => {
    const { services } = await simulate({ service: 'web', type: 'AAAA', set: [{ target: 'web/fra', state: 'down' }] })
    // It is the only one: served though it is down.
    expect(shares(services[0]!.ipv4)).toBe('448: fra 1 > fra 1')
  })

  test('a drained site is left, a target that is set is as it is set', async () => {
    const drained = await simulate({ service: 'half', drain: ['iad'] })
    expect(shares(drained.services[0]!.ipv4)).toBe('448: fra 0.5, iad 0.5 > fra 1')
    const set = await simulate({
      service: 'half',
      kill: ['iad', 'fra'],
      set: [{ target: 'half/iad/192.0.2.2', state: 'up' }],
    })
    expect(shares(set.services[0]!.ipv4)).toBe('448: fra 0.5, iad 0.5 > iad 1')
    expect(set.changes).toEqual(['kill iad', 'kill fra', 'set half/iad/192.0.2.2=up'])
  })

  test('finds the service of a name, through an alias', async () => {
    const { services } = await simulate({ name: 'old.example.org' })
    expect(services.map(({ service }) => service)).toEqual(['web'])
  })

  test('holds shares of clients against shares of the capacity that is left', async () => {
    const { services } = await simulate({ service: 'half' })
    expect(services[0]!.capacity).toEqual([
      {
        site: 'fra',
        capacity: 300,
        capacityShare: 0.75,
        before: 0.5,
        after: 0.5,
        holdsBefore: 600,
        holdsAfter: 600,
        over: false,
      },
      {
        site: 'iad',
        capacity: 100,
        capacityShare: 0.25,
        before: 0.5,
        after: 0.5,
        holdsBefore: 200,
        holdsAfter: 200,
        over: true,
      },
    ])
    const lost = await simulate({ service: 'half', kill: ['fra'] })
    expect(lost.services[0]!.capacity).toMatchObject([
      { site: 'fra', capacityShare: 0, after: 0, holdsAfter: null, over: false },
      { site: 'iad', capacityShare: 1, after: 1, holdsAfter: 100, over: false },
    ])
  })

  test('sends recorded queries to both sides, and their rate to the sites', async () => {
    const queries = [
      '{"name":"www.example.org","client":"80.0.0.0/24","time":100,"count":150}',
      '{"name":"www.example.org","client":"90.0.9.0/24","time":101,"count":50}',
      '{"name":"h.example.org","client":"90.0.9.0/24","time":102,"count":20}',
      '{"name":"ns1.example.org","client":"90.0.9.0/24","time":102,"count":7}',
      'nonsense..',
    ].join('\n')
    const { services, demand } = await simulate({ kill: ['fra'], queries })
    expect(services.map(({ queries: population }) => population && shares(population))).toEqual([
      '200: fra 0.75, iad 0.25 > iad 1',
      '20: fra 0.5, iad 0.5 > iad 1',
    ])
    expect(demand).toMatchObject({ queries: 227, others: 7, seconds: 2, badLinesLeftOut: 0 })
    expect(demand!.badLines.map(({ line }) => line)).toEqual([5])
    expect(demand!.sites).toEqual([
      {
        site: 'fra',
        queriesBefore: 160,
        queriesAfter: 0,
        rateBefore: 80,
        rateAfter: 0,
        capacity: 300,
        exceeded: false,
      },
      {
        site: 'iad',
        queriesBefore: 60,
        queriesAfter: 220,
        rateBefore: 30,
        rateAfter: 110,
        capacity: 100,
        exceeded: true,
      },
    ])
  })

  test('of recorded queries without times says no rate', async () => {
    const { demand } = await simulate({ queries: 'www.example.org A 80.0.0.0/24' })
    expect(demand).toMatchObject({ queries: 1, seconds: null })
    expect(demand!.sites[0]).toMatchObject({ queriesBefore: 1, rateAfter: null, exceeded: null })
  })
})

describe('a candidate', () => {
  test('is compared client by client, and may lack services and sites, or have others', async () => {
    const candidate = CONFIG.replace('90.0.0.0/24, sites: [fra]', '80.0.0.0/25, sites: [iad]')
      .replace('iad: [192.0.2.2]', 'iad: [192.0.2.2, 192.0.2.9]')
      .replace('  half:', '  other:')
      .replace('h: half', 'h: other')
    writeFileSync(join(folder, 'candidate.yaml'), candidate)
    const { services, changes, notes, before, after } = await simulate({ config: join(folder, 'candidate.yaml') })
    expect(changes).toEqual([`configuration ${join(folder, 'candidate.yaml')}`])
    expect(before.revision).not.toBe(after.revision)
    expect(services.map(({ service, serviceAfter, ipv4 }) => [service, serviceAfter, shares(ipv4)])).toEqual([
      ['web', 'web', `448: fra ${257 / 448}, iad ${191 / 448} > fra ${255.5 / 448}, iad ${192.5 / 448}`],
      ['half', null, '448: fra 0.5, iad 0.5 > null 1'],
      ['other', 'other', '448: null 1 > fra 0.5, iad 0.5'],
    ])
    expect(services[0]!.ipv4.moves).toEqual([{ from: 'fra', to: 'iad', share: 1.5 / 448 }])
    expect(notes).toEqual([
      'web/iad/192.0.2.9, other/fra/192.0.2.1, other/iad/192.0.2.2: not in the present configuration, so taken to be up',
    ])
    const named = await simulate({ config: join(folder, 'candidate.yaml'), name: 'h.example.org' })
    expect(named.services.map(({ service, serviceAfter, ipv4 }) => [service, serviceAfter, ipv4.moved])).toEqual([
      ['half', 'other', 0],
    ])
  })

  test('that would be refused is refused', async () => {
    writeFileSync(join(folder, 'bad.yaml'), CONFIG.replace('policy: nearest', 'polcy: nearest'))
    await expect(simulate({ config: join(folder, 'bad.yaml') })).rejects.toThrow('the configuration has 1 error')
  })
})

test.each([
  [{ kill: ['frq'] }, 'no site is named "frq"; did you mean "fra"?'],
  [{ set: [{ target: 'web/gru', state: 'down' }] }, 'no site is named "gru"; known are fra, iad'],
  [{ service: 'wep' }, 'no service is named "wep"; did you mean "web"?'],
  [{ name: 'ns1.example.org' }, 'no service steers "ns1.example.org"'],
  [{ name: 'a..b' }, 'no service steers "a..b"'],
  [{ name: 'www.example.org', service: 'web' }, 'give either "service" or "name", not both'],
  [{ typ: 'A' }, 'unknown field "typ"'],
  [{ type: 'MX' }, 'type must be "A" or "AAAA"'],
  [{ kill: 'fra' }, 'kill must be a list of sites'],
  [{ drain: [1] }, 'drain must be a list of sites'],
  [{ set: [{ target: 'fra', state: 'dead' }] }, 'set must be a list of { target, state }'],
  [{ config: 'windrose.yaml' }, 'config must be an absolute path'],
  [{ queries: ['www.example.org'] }, 'queries must be a text'],
])('%j is refused', async (request, problem) => {
  await expect(simulate(request)).rejects.toThrow(problem)
})
