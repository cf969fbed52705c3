import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeMmdb } from '@windrose/geo'
import { readPrefix } from '@windrose/ip'
import { WHOLE } from '@windrose/steering'
import { createPlacements } from '../capacity/create-placements.ts'
import type { ServicePlacementRecord } from '../capacity/placement-record.ts'
import { Geographies } from '../compile/compile-geography.ts'
import type { SimulationBody } from '../control/simulate-types.ts'
import { runSimulation } from '../simulate/run-simulation.ts'
import { CLOCK } from './clock.ts'
import { type PresentState, presentFromFile } from './compare-states.ts'

const CONFIG = `
listen: 127.0.0.1:5300
state_dir: state
sites:
  fra: { at: [50.11, 8.68], capacity: 100 }
  iad: { at: [38.95, -77.45], capacity: 1000 }
geo: { databases: [places.mmdb] }
services:
  web: { policy: nearest, capacity: spill, pools: { fra: [192.0.2.1], iad: [192.0.2.2] } }
`

let folder: string
let present: PresentState
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-states-'))
  const entries = [{ prefix: readPrefix('80.0.0.0/8')!.prefix, record: { country_code: 'DE' } }]
  const octets = composeMmdb({ databaseType: 'made', buildEpoch: 1, ipVersion: 6, recordSize: 24, entries })
  writeFileSync(join(folder, 'places.mmdb'), octets)
  writeFileSync(join(folder, 'windrose.yaml'), CONFIG)
  const read = await presentFromFile(join(folder, 'windrose.yaml'), new Geographies(), 0)
  if ('refusal' in read) throw new Error(read.refusal)
  const { configuration, geography } = read.compiled
  const german = geography.maps[0]!.classes.findIndex(({ sites }) => sites[0] === 0)
  const { keys } = createPlacements(configuration, geography.maps, [])[0]!
  const shares = new Map([
    ['fra', WHOLE / 4],
    ['iad', (WHOLE * 3) / 4],
  ])
  const web: ServicePlacementRecord = {
    service: 'web',
    classes: new Map([[keys[german]!, { home: 'fra', shares }]]),
  }
  present = { ...read, placed: new Map([['web', web]]) }
})
afterAll(() => rmSync(folder, { recursive: true }))

async function simulate(kill: readonly string[]): Promise<SimulationBody> {
  const body = await runSimulation(present, { type: 'A', kill, drain: [], set: [] }, CLOCK)
  if (!('services' in body)) throw new Error(JSON.stringify(body))
  return body
}

const share = (body: SimulationBody, when: 'before' | 'after', site: string): number =>
  body.services[0]!.ipv4[when].find((one) => one.site === site)?.share ?? 0

test('what capacity has placed stands before and after, and that it goes on is said', async () => {
  const body = await simulate([])
  expect(share(body, 'before', 'iad')).toBeCloseTo(0.75, 2)
  expect(share(body, 'after', 'iad')).toBe(share(body, 'before', 'iad'))
  expect(body.notes).toEqual([expect.stringMatching(/^web: clients that capacity has placed elsewhere/)])
})

test('a site that takes clients of another gives them back when it is lost, and takes all when the other is', async () => {
  const taker = await simulate(['iad'])
  expect(share(taker, 'after', 'fra')).toBe(1)
  expect(taker.services[0]!.ipv4.moves).toEqual([{ from: 'iad', to: 'fra', share: share(taker, 'before', 'iad') }])
  expect(share(await simulate(['fra']), 'after', 'iad')).toBe(1)
})
