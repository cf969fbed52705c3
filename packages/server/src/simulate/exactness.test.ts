import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Rtype, readName } from '@windrose/dns'
import { composeMmdb, openDatabase } from '@windrose/geo'
import { printAddress, printPrefix, readAddress, readPrefix } from '@windrose/ip'
import { Rehearsal, rehearse } from '@windrose/nameserver'
import { BUCKETS, type Decision } from '@windrose/steering'
import fc from 'fast-check'
import { Geographies } from '../compile/compile-geography.ts'
import type { FamiliesBody, PopulationBody, SimulationBody } from '../control/simulate-types.ts'
import { CLOCK } from '../what-if/clock.ts'
import { compareStates, presentFromFile } from '../what-if/compare-states.ts'
import type { Side } from '../what-if/side.ts'
import type { WhatIf } from './read-what-if.ts'
import { runSimulation } from './run-simulation.ts'

jest.setTimeout(300_000)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-exact-'))
  const zone = '$TTL 300\n@ SOA ns1 hostmaster 1 7200 1800 1209600 60\n@ NS ns1\nns1 A 192.0.2.53\n'
  writeFileSync(join(folder, 'zone'), zone)
})
afterAll(() => rmSync(folder, { recursive: true }))

//----------- Random worlds ----------------------------------------------------

const SITES = { fra: [50, 8], iad: [39, -77], sin: [1, 104], gru: [-23, -46] } as const
const NAMES = Object.keys(SITES) as (keyof typeof SITES)[]
const COUNTRIES = ['DE', 'US', 'SG', 'BR', 'ZA'] as const

/** All prefixes lie in 80.0.0.0/17 or 2a00:1::/44, so that every client of theirs can be asked for. */
const anyPrefix4 = (longest: number) =>
  fc
    .tuple(fc.nat(127), fc.nat(3), fc.integer({ min: 17, max: longest }))
    .map(([c, d, length]) => printPrefix(readPrefix(`80.0.${c}.${d * 64}/${length}`)!.prefix))
const anyPrefix6 = fc
  .tuple(fc.nat(15), fc.nat(3), fc.integer({ min: 44, max: 50 }))
  .map(([c, d, length]) =>
    printPrefix(readPrefix(`2a00:1:${c.toString(16)}:${(d * 0x4000).toString(16)}::/${length}`)!.prefix),
  )

/** Overrides may be as long as a quarter of a /24 or of a /48. */
function allClients(): { readonly client: string; readonly family: 'ipv4' | 'ipv6' }[] {
  const quarters = [0, 1, 2, 3]
  return [
    ...Array.from({ length: 128 }, (_, c) => quarters.map((d) => `80.0.${c}.${d * 64}/26`))
      .flat()
      .map((client) => ({ client, family: 'ipv4' as const })),
    ...Array.from({ length: 16 }, (_, c) =>
      quarters.map((d) => `2a00:1:${c.toString(16)}:${(d * 0x4000).toString(16)}::/50`),
    )
      .flat()
      .map((client) => ({ client, family: 'ipv6' as const })),
  ]
}

const anySite = fc.constantFrom(...NAMES)
const anyPlaces = fc.uniqueArray(fc.tuple(fc.oneof(anyPrefix4(24), anyPrefix6), fc.constantFrom(...COUNTRIES)), {
  selector: ([prefix]) => prefix,
  minLength: 1,
  maxLength: 10,
})

/** The part of a configuration that a candidate may have otherwise. */
const anyShape = fc.record({
  overrides: fc.uniqueArray(fc.tuple(fc.oneof(anyPrefix4(26), anyPrefix6), anySite), {
    selector: ([prefix]) => prefix,
    maxLength: 4,
  }),
  pools: fc.uniqueArray(fc.tuple(anySite, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })), {
    selector: ([site]) => site,
    minLength: 2,
    maxLength: 4,
  }),
  policy: fc.constantFrom('nearest', 'weighted', 'consistent', '[nearest, consistent]', '[nearest, weighted]'),
  answers: fc.constantFrom('1', '2', 'all'),
})
type Shape = Parameters<typeof writeConfiguration>[1]

function writeConfiguration(
  file: string,
  shape: {
    readonly overrides: readonly (readonly [prefix: string, site: string])[]
    readonly pools: readonly (readonly [site: string, weights: readonly number[]])[]
    readonly policy: string
    readonly answers: string
  },
): string {
  const path = join(folder, file)
  const overrides = shape.overrides.map(([prefix, site]) => `{ prefix: "${prefix}", sites: [${site}] }`)
  const pools = shape.pools.map(([site, weights]) => {
    const endpoints = weights.map((weight, i) => `{ address: ${addressOf(site, i)}, weight: ${weight} }`)
    return `      ${site}: [${endpoints.join(', ')}]\n`
  })
  const text = `
listen: 127.0.0.1:5300
state_dir: state
sites: { ${NAMES.map((name) => `${name}: { at: [${SITES[name].join(', ')}] }`).join(', ')} }
geo: { databases: [places.mmdb], overrides: [${overrides.join(', ')}] }
services:
  web:
    policy: ${shape.policy}
    answers: ${shape.answers}
    on_all_down: nodata
    pools:
${pools.join('')}
zones:
  example.org: { records: zone, steer: { www: web } }
`
  writeFileSync(path, text)
  return path
}

/** The third octet is the site's. */
function addressOf(site: string, index: number): string {
  return `198.51.${NAMES.indexOf(site as keyof typeof SITES)}.${index + 1}`
}

const anyChange: fc.Arbitrary<Pick<WhatIf, 'kill' | 'drain' | 'set'>> = fc.record({
  kill: fc.uniqueArray(anySite, { maxLength: 2 }),
  drain: fc.uniqueArray(anySite, { maxLength: 1 }),
  set: fc.constant([]),
})

//----------- Asking every client ----------------------------------------------

/** Sums of what clients of one kind are answered. */
class Asked {
  units = 0
  readonly shares = { before: new Map<string | null, number>(), after: new Map<string | null, number>() }

  add(when: 'before' | 'after', site: string | null, units: number): void {
    const sums = this.shares[when]
    sums.set(site, (sums.get(site) ?? 0) + units)
  }
}

/** Asks both sides for every client that the database places, by country; '' is the whole. */
function askEveryClient(before: Side, after: Side): Map<string, Asked> {
  const database = openDatabase(join(folder, 'places.mmdb'))
  if ('problem' in database) throw new Error(database.problem)
  const rehearsals = { before: new Rehearsal(before.snapshot), after: new Rehearsal(after.snapshot) }
  const asked = new Map<string, Asked>()
  for (const { client, family } of allClients()) {
    const { prefix } = readPrefix(client)!
    const [record] = database.reader.getWithPrefixLength(printAddress(prefix.address))
    if (record === null) continue
    const { country_code: country } = record as { country_code: string }
    for (const key of [family, `${country} ${family}`]) {
      const sums = asked.get(key) ?? new Asked()
      asked.set(key, sums)
      sums.units += 1 / 4
      for (const when of ['before', 'after'] as const) {
        for (const [site, share] of sharesFor(rehearsals[when], client)) sums.add(when, site, share / 4)
      }
    }
  }
  return asked
}

const QNAME = readName('www.example.org.') as Uint8Array
const RESOLVER = readAddress('203.0.113.1')!

/** What a client is answered, by the site of the first address. Where its bucket decides, what all buckets would be. */
function sharesFor(rehearsal: Rehearsal, client: string): [site: string | null, share: number][] {
  const question = rehearse({ qname: QNAME, qtype: Rtype.A, client: readPrefix(client)!.prefix, resolver: RESOLVER })
  const answers = rehearsal
    .likelyAnswers(question)
    .map(({ share, response }): [string | null, number] => [siteOf(response.answers[0]?.rdata), share])
  const { decision, variant } = rehearsal.steering(question)!
  if (decision.buckets === undefined) return answers
  const siteOfVariant = (index: number): string => siteOf(decision.variants[index]!.endpoints[0]!.target)!
  expect(answers).toEqual([[siteOfVariant(variant!), 1]])
  const known = ALL_BUCKETS.get(decision)
  if (known !== undefined) return known
  const counts = new Map<string, number>()
  for (const index of decision.buckets) counts.set(siteOfVariant(index), (counts.get(siteOfVariant(index)) ?? 0) + 1)
  const shares = [...counts].map(([site, count]): [string, number] => [site, count / BUCKETS])
  ALL_BUCKETS.set(decision, shares)
  return shares
}

/** What all buckets of a decision get. */
const ALL_BUCKETS = new WeakMap<Decision, [site: string, share: number][]>()

function siteOf(address: Uint8Array | undefined): string | null {
  return address === undefined ? null : NAMES[address[2]!]!
}

function expectEqual(population: PopulationBody, asked: Asked | undefined): void {
  expect(population.units).toBe(asked?.units ?? 0)
  for (const when of ['before', 'after'] as const) {
    const wanted = asked?.shares[when] ?? new Map<string | null, number>()
    const got = new Map(population[when].map(({ site, share }) => [site, share * population.units]))
    for (const site of new Set([...wanted.keys(), ...got.keys()])) {
      expect(Math.abs((got.get(site) ?? 0) - (wanted.get(site) ?? 0))).toBeLessThan(1e-6)
    }
  }
}

/** What leaves a site is what it has lost, what comes to it is what it has gained; nobody moves to where he is. */
function expectMovesToFit({ before, after, moves, moved }: PopulationBody): void {
  const balance = new Map<string | null, number>()
  const add = (site: string | null, share: number): void => void balance.set(site, (balance.get(site) ?? 0) + share)
  for (const { site, share } of before) add(site, share)
  for (const { site, share } of after) add(site, -share)
  for (const { from, to, share } of moves) {
    expect(from).not.toBe(to)
    add(from, -share)
    add(to, share)
  }
  for (const rest of balance.values()) expect(Math.abs(rest)).toBeLessThan(1e-9)
  expect(Math.abs(moves.reduce((sum, { share }) => sum + share, 0) - moved)).toBeLessThan(1e-9)
}

//----------- The law ----------------------------------------------------------

async function simulateAndAsk(
  shape: Shape,
  candidate: Shape | undefined,
  change: Pick<WhatIf, 'kill' | 'drain' | 'set'>,
) {
  const file = writeConfiguration('windrose.yaml', shape)
  const config = candidate === undefined ? undefined : writeConfiguration('candidate.yaml', candidate)
  const whatIf: WhatIf = { type: 'A', ...change, ...(config === undefined ? {} : { config }) }
  const body = (await runSimulation(file, whatIf, CLOCK)) as SimulationBody
  const geographies = new Geographies()
  const present = await presentFromFile(file, geographies, 0)
  if ('refusal' in present) throw new Error(JSON.stringify(present))
  const states = await compareStates(present, config, change, geographies)
  if (!('before' in states)) throw new Error(JSON.stringify(states))
  return { body, asked: askEveryClient(states.before, states.after) }
}

test('for any places, overrides, policies and changes, the sums are those of asking every client', async () => {
  const anyCase = fc.record({
    places: anyPlaces,
    shape: anyShape,
    candidate: fc.option(anyShape, { nil: undefined }),
    change: anyChange,
  })
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ places, shape, candidate, change }) => {
      const entries = places.map(([prefix, country]) => ({
        prefix: readPrefix(prefix)!.prefix,
        record: { country_code: country },
      }))
      entries.sort((a, b) => a.prefix.length - b.prefix.length)
      const octets = composeMmdb({ databaseType: 'made', buildEpoch: 1, ipVersion: 6, recordSize: 24, entries })
      writeFileSync(join(folder, 'places.mmdb'), octets)
      const { body, asked } = await simulateAndAsk(shape, candidate, change)
      const [service] = body.services
      const populations: [string, FamiliesBody][] = [
        ['', service!],
        ...COUNTRIES.map((country): [string, FamiliesBody] => [
          `${country} `,
          service!.countries.find((one) => one.country === country) ?? { ipv4: NOBODY, ipv6: NOBODY },
        ]),
      ]
      for (const [key, families] of populations) {
        for (const family of ['ipv4', 'ipv6'] as const) {
          expectEqual(families[family], asked.get(`${key}${family}`))
          expectMovesToFit(families[family])
        }
      }
    }),
    { numRuns: 25 },
  )
})

const NOBODY: PopulationBody = { units: 0, before: [], after: [], moved: 0, moves: [] }
