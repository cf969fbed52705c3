import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeMmdb } from '@windrose/geo'
import { readPrefix } from '@windrose/ip'
import type { ReplayBody } from '../control/replay-types.ts'
import { CLOCK } from '../what-if/clock.ts'
import { readReplayRequest } from './read-replay-request.ts'
import { runReplay } from './run-replay.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-replay-'))
  writeFileSync(join(folder, 'zone'), ZONE)
  const entries = [{ prefix: readPrefix('80.0.0.0/8')!.prefix, record: { country_code: 'DE' } }]
  const octets = composeMmdb({ databaseType: 'made', buildEpoch: 1, ipVersion: 6, recordSize: 24, entries })
  writeFileSync(join(folder, 'places.mmdb'), octets)
  writeFileSync(join(folder, 'windrose.yaml'), CONFIG)
})
afterAll(() => rmSync(folder, { recursive: true }))

const ZONE = `$TTL 300
@ SOA ns1 hostmaster 1 7200 1800 1209600 60
@ NS ns1
ns1 A 192.0.2.53
old CNAME www
sub NS ns.example.net.
`

const CONFIG = `
listen: 127.0.0.1:5300
state_dir: state
sites: { fra: { at: [50.11, 8.68] }, iad: { at: [38.95, -77.45] } }
geo: { databases: [places.mmdb], overrides: [{ prefix: 80.0.0.0/16, sites: [fra] }, { prefix: 90.0.0.0/16, sites: [iad] }] }
services:
  web:
    policy: nearest
    answers: 2
    pools:
      fra: [192.0.2.1, 192.0.2.2]
      iad: [192.0.2.3]
  share:
    policy: weighted
    pools:
      fra: [{ address: 192.0.2.1, weight: 3 }]
      iad: [{ address: 192.0.2.3, weight: 1 }]
  sticky:
    policy: consistent
    pools:
      fra: [192.0.2.1, 192.0.2.2]
      iad: [192.0.2.3]
zones:
  example.org: { records: zone, steer: { www: web, s: share, c: sticky } }
`

async function replay(change: (text: string) => string, queries: readonly string[]): Promise<ReplayBody> {
  writeFileSync(join(folder, 'candidate.yaml'), change(CONFIG))
  const request = { config: join(folder, 'candidate.yaml'), queries: queries.join('\n') }
  const result = await runReplay(join(folder, 'windrose.yaml'), request, CLOCK)
  if (!('names' in result)) throw new Error(JSON.stringify(result))
  return result
}

const EUROPE = 'www.example.org A 80.0.1.0/24'
const AMERICA = 'www.example.org A 90.0.1.0/24'

describe('a replay', () => {
  test('of the same configuration changes nothing, for any kind of name', async () => {
    const names = ['www', 's', 'c', 'old', 'ns1', 'nope', 'a.sub', '@'].map((name) => `${name}.example.org`)
    const queries = [...names, 'example.com'].flatMap((name) =>
      ['A', 'AAAA', 'TXT'].map((type) => `${name} ${type} 80.0.1.0/24`),
    )
    const { lines, changed, aspects, badLines } = await replay((text) => text, queries)
    expect([lines, changed]).toEqual([27 - badLines.length, 0])
    expect(aspects).toEqual({ records: 0, ttl: 0, scope: 0, rcode: 0 })
  })

  test('says which addresses change for whom, from what to what, with examples', async () => {
    const { queries, changed, names } = await replay(
      (text) => text.replace('iad: [192.0.2.3]', 'iad: [192.0.2.9]'),
      [EUROPE, AMERICA, '# remark', `{"name":"WWW.example.org","client":"90.0.2.0/24","count":5}`],
    )
    expect([queries, changed]).toEqual([7, 6])
    expect(names).toMatchObject([
      {
        name: 'www.example.org.',
        type: 'A',
        queries: 7,
        changed: 6,
        changes: [
          {
            aspects: ['records'],
            queries: 6,
            from: { records: [{ share: 1, set: ['192.0.2.3'] }] },
            to: { records: [{ share: 1, set: ['192.0.2.9'] }] },
            examples: [
              { line: 2, client: '90.0.1.0/24', resolver: '127.0.0.1' },
              { line: 4, client: '90.0.2.0/24', resolver: '127.0.0.1' },
            ],
          },
        ],
      },
    ])
    expect(names[0]!.changes[0]!.from).not.toHaveProperty('ttl')
  })

  test('takes no notice of the order of addresses, but of shares', async () => {
    const turned = await replay((text) => text.replace('[192.0.2.1, 192.0.2.2]', '[192.0.2.2, 192.0.2.1]'), [EUROPE])
    expect(turned.changed).toBe(0)
    const { names } = await replay((text) => text.replace('weight: 3', 'weight: 1'), ['s.example.org'])
    expect(names[0]!.changes[0]).toMatchObject({
      from: {
        records: [
          { share: 0.75, set: ['192.0.2.1'] },
          { share: 0.25, set: ['192.0.2.3'] },
        ],
      },
      to: {
        records: [
          { share: 0.5, set: ['192.0.2.1'] },
          { share: 0.5, set: ['192.0.2.3'] },
        ],
      },
    })
  })

  test.each<[string, (text: string) => string, string, object]>([
    [
      'ttl',
      (text) => text.replace('answers: 2', 'answers: 2\n    ttl: 60s'),
      EUROPE,
      { from: { ttl: 30 }, to: { ttl: 60 } },
    ],
    ['scope', (text) => text.replace('80.0.0.0/16', '80.0.0.0/20'), EUROPE, { from: { scope: 16 }, to: { scope: 20 } }],
    [
      'rcode,records,ttl',
      (text) => text.replace('www: web, ', ''),
      EUROPE,
      { from: { rcode: 'NOERROR' }, to: { rcode: 'NXDOMAIN', records: [{ share: 1, set: [] }], ttl: null } },
    ],
    [
      'rcode',
      (text) => text.replace('example.org: {', 'example.net: {'),
      'ns1.example.org TXT',
      { to: { rcode: 'REFUSED' } },
    ],
  ])('tells %s apart', async (aspects, change, query, wanted) => {
    const { names } = await replay(change, [query])
    const [found] = names[0]!.changes
    expect(found).toMatchObject(wanted)
    expect(aspects.split(',').every((aspect) => (found!.aspects as string[]).includes(aspect))).toBe(true)
  })

  test('gives a client of a consistent service the address that it gets, and counts those that move', async () => {
    const queries = Array.from({ length: 256 }, (_, i) => `c.example.org A 80.0.${i}.0/24`)
    const { changed, names } = await replay((text) => text.replaceAll('192.0.2.3]', '192.0.2.9]'), queries)
    // Those of the address that is gone, and those that the new one wins: about a third each, not everybody.
    expect(changed).toBeGreaterThan(50)
    expect(changed).toBeLessThan(240)
    for (const { from, to } of names[0]!.changes) {
      expect([from.records!.length, to.records!.length]).toEqual([1, 1])
      expect([from.records![0]!.set[0], to.records![0]!.set[0]].some((address) => /\.[39]$/.test(address!))).toBe(true)
    }
  })

  test('goes through an alias, and reports bad lines beside', async () => {
    const { names, badLines, lines } = await replay(
      (text) => text.replace('iad: [192.0.2.3]', 'iad: [192.0.2.9]'),
      ['old.example.org A 90.0.1.0/24', 'old.example.org A nowhere'],
    )
    expect(names[0]!.changes[0]!.to).toEqual({ records: [{ share: 1, set: ['192.0.2.9', 'CNAME www.example.org.'] }] })
    expect([lines, badLines.map(({ line }) => line)]).toEqual([1, [2]])
  })
})

test.each([
  [{ queries: '' }, /config is needed/],
  [{ config: 'x.yaml', queries: '' }, /absolute/],
  [{ config: '/x.yaml' }, /queries is needed/],
  [{ config: '/x.yaml', queries: '', against: 'x' }, /unknown field "against"/],
  ['text', /expected an object/],
])('the request %j is refused', (body, problem) => {
  expect(readReplayRequest(body)).toEqual({ problem: expect.stringMatching(problem) })
})
