import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeMmdb } from '@windrose/geo'
import { readPrefix } from '@windrose/ip'
import type { AreaExplanationBody } from '../control/explain-types.ts'
import { explainFromFile } from '../explain-file.ts'

const NETWORKS = {
  '17.0.0.0/16': { country_code: 'DE', latitude: 53.5, longitude: 10 },
  '17.1.0.0/17': { country_code: 'DE', latitude: 53.5, longitude: 10 },
  // Nearer to the other site.
  '17.2.0.0/18': { country_code: 'DE', latitude: 48.1, longitude: 11.6 },
  '17.3.0.0/16': { country_code: 'FR', latitude: 48.9, longitude: 2.4 },
  // What a database says of such addresses does not make them clients of a country.
  '10.0.0.0/8': { country_code: 'DE', latitude: 53.5, longitude: 10 },
  '2a00:1::/32': { country_code: 'DE', latitude: 53.5, longitude: 10 },
}

const CONFIGURATION = `listen: [127.0.0.1:0]
sites:
  ham: { at: [53.5, 10] }
  muc: { at: [48.1, 11.6] }
geo:
  databases: [places.mmdb, numbers.mmdb]
  overrides: [{ prefix: 17.0.5.0/24, sites: [muc], comment: peering }]
services:
  web: { policy: nearest, answers: 1, pools: { ham: [192.0.2.1, "2001:db8::1"], muc: [192.0.2.2] } }
  all: { policy: weighted, answers: 1, pools: { ham: [192.0.2.1, 192.0.2.3] } }
  way: { policy: weighted, pools: { ham: [{ cname: www.example.org. }] } }
zones:
  example.org: { records: org.zone, steer: { www: web, all: all, way: way } }
`

const ZONE = `$TTL 3600
@ SOA ns1 hostmaster 1 7200 1800 1209600 30
@ NS ns1
ns1 A 192.0.2.53
www HTTPS 1 . alpn=h2
`

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-area-'))
  const write = (file: string, networks: Readonly<Record<string, Record<string, string | number>>>): void => {
    const entries = Object.entries(networks).map(([text, record]) => ({ prefix: readPrefix(text)!.prefix, record }))
    const content = { databaseType: 'test', buildEpoch: 1, ipVersion: 6 as const, recordSize: 24 as const, entries }
    writeFileSync(join(folder, file), composeMmdb(content))
  }
  write('places.mmdb', NETWORKS)
  write('numbers.mmdb', { '17.1.0.0/16': { autonomous_system_number: 64500 } })
  writeFileSync(join(folder, 'windrose.yaml'), CONFIGURATION)
  writeFileSync(join(folder, 'org.zone'), ZONE)
})

afterAll(() => rmSync(folder, { recursive: true }))

async function explain(name: string, client: string, more: Record<string, string> = {}): Promise<AreaExplanationBody> {
  const body = await explainFromFile(join(folder, 'windrose.yaml'), { name, client, ...more })
  if (!('classes' in body)) throw new Error('no area')
  return body
}

/** `SITE-ADDRESS: /24s, /48s by EXAMPLE`, class by class. */
function told({ classes }: AreaExplanationBody): string[] {
  return classes.map(({ units, explanation }) => {
    const answer = explanation.response.answers.at(-1)?.split(' ').at(-1)
    return `${answer}: ${units.ipv4}, ${units.ipv6} by ${explanation.question.client}`
  })
}

test('the clients of a country come class by class, those of most networks first, with their shares', async () => {
  const body = await explain('www.example.org', 'country:de')
  expect(body.question).toEqual({ name: 'www.example.org.', type: 'A', client: 'country:DE', resolver: '127.0.0.1' })
  // Of the override's /24 the country has less; private space is nowhere.
  expect(body.units).toEqual({ ipv4: 256 + 128 + 64, ipv6: 2 ** 16 })
  expect(told(body)).toEqual([
    `192.0.2.1: ${255 + 128}, 65536 by 17.0.128.0/24`,
    '192.0.2.2: 64, 0 by 17.2.0.0/24',
    '192.0.2.2: 1, 0 by 17.0.5.0/24',
  ])
  expect(body.classes.map(({ shares }) => shares)).toEqual([
    { ipv4: 383 / 448, ipv6: 1 },
    { ipv4: 64 / 448, ipv6: 0 },
    { ipv4: 1 / 448, ipv6: 0 },
  ])
  expect(body.classes[2]!.explanation.names[0]!.clientClass!.rule).toEqual({
    prefix: '17.0.5.0/24',
    comment: 'peering',
  })
})

test('no more classes are explained than asked for, and the others are counted', async () => {
  const body = await explain('www.example.org', 'country:DE', { classes: '1' })
  expect([body.classes.length, body.classesLeftOut]).toEqual([1, 2])
})

test('a service that asks nobody who he is has one class of clients', async () => {
  const { classes } = await explain('all.example.org', 'continent:EU')
  expect(classes.map(({ units }) => units.ipv4)).toEqual([256 + 128 + 64 + 256])
})

test('what an answer leads to tells its clients apart, too', async () => {
  const [there, direct] = [
    await explain('way.example.org', 'country:DE'),
    await explain('www.example.org', 'country:DE'),
  ]
  expect(told(there)).toEqual(told(direct))
})

test('the clients of an AS are those that the database of numbers says', async () => {
  const body = await explain('www.example.org', 'asn:64500')
  expect(body.units).toEqual({ ipv4: 256, ipv6: 0 })
  // Half of them no database places: they are answered in the order of the file.
  expect(body.classes.map(({ units }) => units.ipv4)).toEqual([128, 128])
})

test('an area without clients has no classes', async () => {
  const body = await explain('www.example.org', 'country:US')
  expect([body.units, body.classes, body.classesLeftOut]).toEqual([{ ipv4: 0, ipv6: 0 }, [], 0])
})

test('HTTPS records are explained for both families of each steered name that they lead to', async () => {
  const [first] = (await explain('www.example.org', 'country:DE', { type: 'HTTPS' })).classes
  expect(
    first!.explanation.names[0]!.hints!.map(({ target, family, service, decision }) => [
      target,
      family,
      service,
      decision.variants[0]?.endpoints,
      decision.leftOut.map(({ endpoint }) => endpoint),
    ]),
  ).toEqual([
    ['www.example.org.', 'ipv4', 'web', ['web/ham/192.0.2.1'], ['web/muc/192.0.2.2']],
    ['www.example.org.', 'ipv6', 'web', ['web/ham/2001:db8::1'], []],
  ])
})

test.each([
  ['country:XX', 'there is no country "XX"'],
  ['city:DE/Hamburg', 'no geo database knows cities'],
  ['default', 'is not an address, a prefix or an area'],
  ['DE', 'did you mean "country:DE"?'],
])('%s is refused with a sentence', async (client, sentence) => {
  await expect(explain('www.example.org', client)).rejects.toThrow(sentence)
})
