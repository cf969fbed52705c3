import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decide, healthCell, STABILITY_MAX, UNPLACED, Verdict } from '@windrose/steering'
import { buildSnapshot, createTable } from '../build-snapshot.ts'
import { compileEverything } from '../compile/compile-everything.ts'
import { type HeldConfiguration, PoolHolds } from './pool-holds.ts'

let folder: string
let served: HeldConfiguration
let published: Uint8Array[]
let changes: string[]
let nowMs: number
let holds: PoolHolds

async function open(failover: string): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'windrose-holds-'))
  const pools = 'pools: { fra: [192.0.2.1, 192.0.2.2], iad: [192.0.2.3] }'
  const text = `sites: { fra: {}, iad: {} }\nservices:\n  web: { policy: [{ failover: { ${failover} } }], ${pools} }\n`
  writeFileSync(join(folder, 'windrose.yaml'), text)
  const compiled = await compileEverything(join(folder, 'windrose.yaml'), undefined)
  if ('refusal' in compiled) throw new Error(compiled.refusal)
  const table = createTable(compiled.configuration)
  served = { configuration: compiled.configuration, snapshot: buildSnapshot(compiled, table) }
  published = []
  changes = []
  nowMs = 1_000_000
  holds = newHolds(true)
  set('UUU')
}

function newHolds(isKeeper: boolean): PoolHolds {
  return new PoolHolds({
    served: () => served,
    isKeeper: () => isKeeper,
    publish: (record) => published.push(record),
    onChange: (pool, until) => changes.push(`${pool} ${until === undefined ? 'free' : until - nowMs}`),
    onRefused: (problem) => changes.push(problem),
    now: () => nowMs,
  })
}

afterEach(() => {
  holds.stop()
  rmSync(folder, { recursive: true })
})

/** Verdicts of the three endpoints. */
function set(verdicts: string): void {
  for (const [index, letter] of [...verdicts].entries()) {
    served.snapshot.health.cells[index] = healthCell(letter === 'U' ? Verdict.up : Verdict.down, 0, STABILITY_MAX)
  }
  holds.step()
}

function answered(): string[] {
  const { variants } = decide(served.configuration.services[0]!, 'ipv4', UNPLACED, served.snapshot.health)
  return [...new Set(variants.flatMap(({ endpoints }) => endpoints.map(({ label }) => label)))].sort()
}

test('a pool that failed stays passed over for its hold-down, however well it is, and then serves again', async () => {
  await open('hold_down: 1m')
  set('DDU')
  expect(changes).toEqual(['web/fra 60000'])
  set('UUU')
  expect(answered()).toEqual(['192.0.2.3'])
  nowMs += 59_000
  holds.step()
  expect(answered()).toEqual(['192.0.2.3'])
  nowMs += 1000
  holds.step()
  expect(answered()).toEqual(['192.0.2.1', '192.0.2.2'])
})

test('what is held serves when no other pool is well', async () => {
  await open('hold_down: 1m')
  set('DDU')
  set('UUD')
  expect(answered()).toEqual(['192.0.2.1', '192.0.2.2'])
})

test('a pool that is still failed when its time is over is free with its first recovery', async () => {
  await open('hold_down: 1m')
  set('DDU')
  nowMs += 90_000
  holds.step()
  set('UUU')
  expect(answered()).toEqual(['192.0.2.1', '192.0.2.2'])
})

test('a manual failback waits for an operator', async () => {
  await open('failback: manual')
  set('DDU')
  set('UUU')
  nowMs += 86_400_000
  holds.step()
  expect(answered()).toEqual(['192.0.2.3'])
  expect(holds.release('web/iad')).toBe(false)
  expect(holds.release('web/fra')).toBe(true)
  expect(answered()).toEqual(['192.0.2.1', '192.0.2.2'])
  expect(changes).toEqual(['web/fra Infinity', 'web/fra free'])
})

test('the epoch of the service moves, and a server that follows holds the same, also over a new snapshot', async () => {
  await open('failback: manual')
  const epoch = served.snapshot.epochs[0]!
  set('DDU')
  expect(served.snapshot.epochs[0]).toBeGreaterThan(epoch)
  set('UUU')
  served.snapshot.health.held.fill(0)
  const follower = newHolds(false)
  follower.follow(published.at(-1)!)
  expect(answered()).toEqual(['192.0.2.3'])
  served.snapshot.health.held.fill(0)
  follower.lay(served)
  expect(answered()).toEqual(['192.0.2.3'])
  follower.follow(new TextEncoder().encode('{"format":9}'))
  expect(changes.at(-1)).toBe('holds of format 9, not 1: written by another version')
  follower.stop()
})

test('without a hold nothing is held', async () => {
  await open('tiers: [fra, iad]')
  set('DDU')
  set('UUU')
  expect(changes).toEqual([])
  expect(answered()).toEqual(['192.0.2.1', '192.0.2.2'])
})
