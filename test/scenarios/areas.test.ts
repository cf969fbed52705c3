import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeMmdb, type MmdbRecord } from '@windrose/geo'
import { readPrefix } from '@windrose/ip'
import { addresses, dig } from '../support/dig.ts'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { UdpClient } from '../support/udp-client.ts'
import { ASHBURN, FRANKFURT, SINGAPORE, THREE_SITES, ZONE } from '../support/zone.ts'

jest.setTimeout(60_000)

const CITY = join(__dirname, '../../geo-data/test.mmdb')
const POLICY = `
      - geo:
          areas:
            10.20.0.0/16: [sin]
            asn:64500: [sin]
            city:US/west sampleton: [fra]
            subdivision:US/VA: [iad]
            country:DE: { sites: [fra], fence: on }
            continent:EU: [[fra, iad]]
            continent:OC: { sites: [sin, fra, iad], policy: [consistent] }
            default: []
      - nearest`

/** A database in a file of its own. */
function writeDatabase(file: string, networks: Readonly<Record<string, MmdbRecord>>): void {
  const entries = Object.entries(networks).map(([text, record]) => ({ prefix: readPrefix(text)!.prefix, record }))
  writeFileSync(file, composeMmdb({ databaseType: 'test', buildEpoch: 1, ipVersion: 6, recordSize: 24, entries }))
}

describe('a service that is steered by area', () => {
  let folder: string
  let server: TestServer
  let client: UdpClient

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'windrose-areas-'))
    writeDatabase(join(folder, 'asn.mmdb'), {
      '17.64.0.0/16': { autonomous_system_number: 64500 },
      '17.70.0.0/16': { autonomous_system_number: 64501 },
    })
    const geo = `geo:
  databases: [${JSON.stringify(CITY)}, ${JSON.stringify(join(folder, 'asn.mmdb'))}]
  overrides: [{ prefix: 17.1.0.0/16, sites: [fra], comment: peering }]
`
    const configuration = THREE_SITES.replace('policy: nearest', `policy:${POLICY}`).replace(
      'www: web',
      'www: web, me: whoami',
    )
    server = await startServer({ 'windrose.yaml': configuration + geo, 'gslb.example.zone': ZONE })
    client = new UdpClient('127.0.0.1', server.port)
  })

  afterAll(async () => {
    client.close()
    expect(await server.stop()).toBe(0)
    rmSync(folder, { recursive: true })
  })

  const ask = async (subnet: string) => {
    const answer = await client.ask({ name: 'www.gslb.example', subnet })
    return `${answer?.addresses} /${answer?.scope}`
  }

  test.each([
    ['a prefix, also of private space', '10.20.1.0/24', `${SINGAPORE} /16`],
    ['the AS, before the city', '17.64.1.0/24', `${SINGAPORE} /16`],
    ['the city, before the country', '17.70.1.0/24', `${FRANKFURT} /14`],
    ['the subdivision', '17.8.1.0/24', `${ASHBURN} /13`],
    ['an override, before any area', '17.1.1.0/24', `${FRANKFURT} /16`],
    ['the country', '5.1.1.0/24', `${FRANKFURT} /9`],
    ['the continent, where no country is known', '91.1.1.0/24', `${FRANKFURT} /8`],
    ['no area: the nearest site then', '43.1.1.0/24', `${SINGAPORE} /9`],
  ])('answers %s', async (_, subnet, answer) => {
    expect(await ask(subnet)).toBe(answer)
  })

  test('follows the policy of an area in that area alone', async () => {
    const explain = async (subnet: string) => {
      const told = await server.verb('explain', 'www.gslb.example', '--client', subnet, '--json')
      return (JSON.parse(told.output) as { names: { decision: { pick: string } }[] }).names[0]!.decision.pick
    }
    expect(await explain('43.200.1.0/24')).toBe('client')
    expect(await explain('43.1.1.0/24')).toBe('random')
  })

  test('does not let clients out of a fence', async () => {
    expect(await server.verb('drain', 'fra', '--reason', 'a new switch')).toMatchObject({ code: 0 })
    expect(await ask('5.1.1.0/24')).toBe(`${FRANKFURT} /9`)
    expect(await ask('17.70.1.0/24')).not.toContain(FRANKFURT)
    expect((await server.verb('override', 'clear', 'fra')).code).toBe(0)
  })

  test.each([
    ['17.64.1.0/24', 'asn:64500 by asn.mmdb'],
    ['17.70.1.0/24', 'city:US/west sampleton by test.mmdb'],
    ['10.20.1.0/24', '10.20.0.0/16'],
    ['17.1.1.0/24', 'subdivision:US/VA by test.mmdb'],
    ['43.1.1.0/24', 'default'],
  ])('explains which area %s is in, and who says so: %s', async (subnet, area) => {
    const told = await server.verb('explain', 'www.gslb.example', '--client', subnet)
    expect(told.output.split('\n')).toContain(`  area       ${area}`)
  })

  test('is explained alike from its file', async () => {
    const file = `${server.folder}/windrose.yaml`
    const told = await server.verb('explain', 'www.gslb.example', '--client', '17.64.1.0/24', '-c', file)
    expect(told.output).toContain('  area       asn:64500 by asn.mmdb\n')
    expect(told.output).toContain('in the area 10.20.0.0/16, asn:64500')
  })

  test.each(['the server', 'its file'])(
    'explains by %s what the clients of a country get, class by class',
    async (by) => {
      const from = by === 'its file' ? ['-c', `${server.folder}/windrose.yaml`] : []
      const told = await server.verb('explain', 'www.gslb.example', '--client', 'country:US', ...from)
      const [head, ...lines] = told.output.split('\n')
      const [, count] = /^country:US: [\d,.]+ \/24s and [\d,.]+ \/48s, in (\d+) client classes$/.exec(head!) ?? []
      const shares = lines
        .flatMap((line) => /^class \d+ of \d+: ([\d.]+) % of its \/24s/.exec(line)?.[1] ?? [])
        .map(Number)
      expect(shares).toHaveLength(Number(count))
      expect(shares).toEqual(shares.toSorted((a, b) => b - a))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0)
      expect(lines).toContain('  area       asn:64500 by asn.mmdb')
      expect(lines).toContain('  area       city:US/west sampleton by test.mmdb')
    },
  )

  test('says of every endpoint that a client does not get why', async () => {
    const told = await server.verb('explain', 'www.gslb.example', '--client', '5.1.1.0/24')
    const leftOut = told.output.split('\n').filter((line) => line.startsWith('  left out'))
    expect(leftOut.join()).toMatch(/iad\/.*: it is outside the fence of the area .*country:DE/)
    expect(leftOut.join()).toMatch(/sin\//)
  })

  test('says in whoami which area it sees', async () => {
    const dug = await dig('127.0.0.1', server.port, 'me.gslb.example', 'TXT', '+subnet=17.70.1.0/24')
    expect(dug.answer.join()).toMatch(/"class 0\/\d+ scope 14 sites \S+ area city:US\/west sampleton"/)
    expect(addresses(dug)).toEqual([])
  })

  test('goes on with the old areas when a new database cannot tell them, and says which', async () => {
    writeDatabase(join(folder, 'new.mmdb'), { '17.64.0.0/16': { country_code: 'US' } })
    renameSync(join(folder, 'new.mmdb'), join(folder, 'asn.mmdb'))
    await eventually(
      () => server.running.output,
      (output) =>
        output.includes('the area asn:64500: no geo database knows AS numbers; name an ASN database in geo.databases'),
    )
    expect(await ask('17.64.1.0/24')).toBe(`${SINGAPORE} /16`)
  })
})
