import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decide, healthCell, STABILITY_MAX, Verdict, WHOLE } from '@windrose/steering'
import { LoadBook, ReportBook } from '@windrose/store'
import { buildSnapshot, createTable } from '../build-snapshot.ts'
import { compileEverything } from '../compile/compile-everything.ts'
import { CapacityLoop, type ServedNow } from './capacity-loop.ts'

const CONFIG = `sites:
  fra: { at: [50.11, 8.68], capacity: { value: 100, target: 0.8, low: 0.5 } }
  iad: { at: [38.95, -77.45], capacity: 1000 }
  sin: { at: [1.35, 103.99] }
geo: { databases: [${JSON.stringify(join(__dirname, '../../../../geo-data/test.mmdb'))}] }
services:
  web:
    policy: nearest
    capacity: spill
    pools: { fra: [192.0.2.1], iad: [192.0.2.2], sin: [192.0.2.3] }
  other: { policy: failover, pools: { fra: [192.0.2.9] } }
`

let folder: string
let served: ServedNow
let published: Uint8Array[]
let loads: LoadBook
let loop: CapacityLoop
let nowMs: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-capacity-'))
  writeFileSync(join(folder, 'windrose.yaml'), CONFIG)
  const compiled = await compileEverything(join(folder, 'windrose.yaml'), undefined)
  if ('refusal' in compiled) throw new Error(compiled.refusal)
  const table = createTable(compiled.configuration)
  table.health.cells.fill(healthCell(Verdict.up, 0, STABILITY_MAX))
  served = { configuration: compiled.configuration, snapshot: buildSnapshot(compiled, table) }
  published = []
  nowMs = 0
  loads = new LoadBook(() => nowMs)
  loop = newLoop(true)
})

afterEach(() => {
  loop.stop()
  rmSync(folder, { recursive: true })
})

function newLoop(isKeeper: boolean): CapacityLoop {
  return new CapacityLoop({
    served: () => served,
    loads,
    book: new ReportBook(),
    isKeeper: () => isKeeper,
    publish: (record) => published.push(record),
    onRefused: (problem) => {
      throw new Error(problem)
    },
  })
}

const web = () => served.configuration.services.find(({ name }) => name === 'web')!
/** A class whose nearest site is fra, as the map numbers it. */
function european(): number {
  return served.snapshot.maps[web().clientMap]!.classes.findIndex(({ sites }) => sites[0] === 0)
}

let sequence = 0
/** What the only server says: so many queries a second by Europeans for web, and answers of the other service at fra. */
function ask(perSecond: number, others = 0): void {
  const key = served.snapshot.placements[web().index]!.keys[european()]!
  const rate = { answers: 0, perSecond: 0 }
  const shares = sharesOf()
  loads.note({
    server: 'one',
    incarnation: 1,
    sequence: ++sequence,
    upMs: nowMs,
    pools: [
      ...['fra', 'iad', 'sin'].map((site, i) => ({ ...rate, service: 'web', site, smoothed: perSecond * shares[i]! })),
      { ...rate, service: 'other', site: 'fra', smoothed: others },
    ],
    classes: [{ service: 'web', key, smoothed: perSecond }],
  })
}

/** Of Europeans: the share of each site by decision, as an answer is made. */
function sharesOf(): number[] {
  const placement = served.snapshot.placements[web().index]!
  const row = placement.shares.subarray(european() * 3, european() * 3 + 3)
  const client = served.snapshot.maps[web().clientMap]!.classes[european()]!
  const placed = { shares: row, keyLengths: placement.keyLengths[european()]! }
  const { variants } = decide(web(), 'ipv4', client, served.snapshot.health, placed)
  return ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) =>
    variants.reduce((sum, { endpoints, share }) => sum + (endpoints[0]!.label === address ? share : 0), 0),
  )
}

function run(steps: number, perSecond: number, others = 0): void {
  for (let i = 0; i < steps; i++) {
    ask(perSecond, others)
    loop.step()
  }
}

test('a site that is not full keeps its clients, and nothing is in the record', () => {
  run(3, 70)
  expect(sharesOf()).toEqual([1, 0, 0])
  expect(loop.placed.get('web')!.classes.size).toBe(0)
})

test('a full site gives away what is above its target, a bounded part at a time, to the next site of its clients', () => {
  run(1, 160)
  const [first] = sharesOf()
  expect(first).toBeCloseTo(0.9, 3)
  run(9, 160)
  const [fra, iad, sin] = sharesOf()
  expect(fra! * 160).toBeLessThanOrEqual(80.1)
  expect(fra! * 160).toBeGreaterThan(75)
  expect(iad).toBeCloseTo(1 - fra!, 9)
  expect(sin).toBe(0)
  expect(loop.uses.find(({ site }) => site === 'fra')).toMatchObject({ room: 80, unspilled: 0 })
})

test('clients come back only below the low mark, and then all of them', () => {
  run(12, 160)
  run(5, 90)
  const [held] = sharesOf()
  expect(held).toBeLessThan(0.6)
  run(30, 40)
  expect(sharesOf()).toEqual([1, 0, 0])
})

test('the load of services that are not placed leaves less room', () => {
  run(20, 80, 40)
  expect(sharesOf()[0]! * 80).toBeLessThanOrEqual(40.1)
})

test('the epoch of a service moves when its shares do, and only then', () => {
  const epoch = () => served.snapshot.epochs[web().index]!
  run(2, 70)
  expect(epoch()).toBe(0)
  run(1, 160)
  expect(epoch()).toBe(1)
})

test('a server that follows has the same shares, also in a snapshot that is made later', () => {
  run(12, 160)
  const shares = sharesOf()
  served.snapshot.placements[web().index]!.shares.fill(0)
  const follower = newLoop(false)
  follower.follow(published.at(-1)!)
  expect(sharesOf()).toEqual(shares)
  served.snapshot.placements[web().index]!.shares.fill(0)
  follower.lay(served)
  expect(sharesOf()).toEqual(shares)
  follower.step()
  expect(published.length).toBe(12)
  follower.stop()
})

test('load that nobody counted lately freezes what is placed', () => {
  run(12, 160)
  const shares = sharesOf()
  nowMs += 60_000
  loop.step()
  expect(sharesOf()).toEqual(shares)
})

test('a share of a pool that fails stays where the policy sends it', () => {
  run(12, 160)
  const iad = web().pools[1]!.endpoints[0]!.index
  served.snapshot.health.cells[iad] = healthCell(Verdict.down, 0, STABILITY_MAX)
  expect(sharesOf()).toEqual([1, 0, 0])
})

test('a record of another version, or that is none, is refused in a sentence', () => {
  const refused: string[] = []
  const follower = new CapacityLoop({
    served: () => served,
    loads,
    book: new ReportBook(),
    isKeeper: () => false,
    publish: () => undefined,
    onRefused: (problem) => refused.push(problem),
  })
  const records = ['', '{"format":2}', 'null', '{"format":1}', '{"format":1,"services":[["web",[["k","fra",1]]]]}']
  for (const record of records) follower.follow(new TextEncoder().encode(record))
  expect(refused).toEqual([
    'a placement that is not JSON',
    'a placement of format 2, not 1: written by another version',
    'a placement that is no object',
    'a placement without services',
    'a placement of web with a class that is none',
  ])
  follower.follow(new TextEncoder().encode(`{"format":1,"services":[["web",[["k","fra","fra",${WHOLE}]]]]}`))
  expect(follower.placed.get('web')!.classes.size).toBe(1)
  follower.stop()
})
