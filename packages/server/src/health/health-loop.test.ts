import { type Check, makeProbeTarget, type Override, SINGLE_AGENT, type Transition } from '@windrose/health'
import { cellVerdict, DRAINED, Verdict } from '@windrose/steering'
import { createMemoryStore, type Store, type TargetReport } from '@windrose/store'
import { createTable } from '../build-snapshot.ts'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { ReportingAgent } from '../reporting-agent.fixture.ts'
import { HealthLoop } from './health-loop.ts'
import { type WatchedEndpoints, watchEndpoints } from './watched-endpoints.ts'

const check: Check = {
  type: 'tcp',
  name: 'tcp',
  port: 80,
  intervalMs: 1000,
  timeoutMs: 500,
  rise: 2,
  fall: 3,
  jitter: 0,
}
const targetOf = (address: string) => makeProbeTarget(address, 'ipv4', check)

type Parts = Pick<ServedConfiguration, 'endpoints' | 'probeTargets' | 'services' | 'health'>

const HEALTH = { rules: SINGLE_AGENT, vantages: [], views: 'off' }

/** One service for each list; an endpoint is `site/address`, probed by TCP. */
function watch(services: Readonly<Record<string, readonly string[]>>): WatchedEndpoints {
  const ids = Object.entries(services).flatMap(([service, endpoints], index) =>
    endpoints.map((endpoint) => ({ service: index, id: `${service}/${endpoint}`, address: endpoint.split('/')[1]! })),
  )
  const targets = new Map(ids.map(({ address }) => [address, targetOf(address)]))
  const configuration = {
    services: Object.keys(services).map((name) => ({ name })),
    endpoints: ids.map(({ id, service, address }, index) => ({
      endpoint: { index, id },
      service,
      servedBy: [service],
      site: 0,
      targets: [targets.get(address)!.id],
    })),
    probeTargets: [...targets.values()],
    health: HEALTH,
  } as unknown as Parts
  return watchEndpoints(configuration, createTable(configuration))
}

const report = (address: string, verdict: Verdict, stability = 3): TargetReport => ({
  target: targetOf(address).id,
  verdict,
  since: 5000,
  stability,
  reason: 'because',
})

const override = (id: string, site: string, expiresAt?: number): Override => ({
  id,
  target: { kind: 'site', site },
  action: 'drain',
  reason: 'update',
  author: 'alice',
  createdAt: 1,
  ...(expiresAt === undefined ? {} : { expiresAt }),
})

let store: Store
let agent: ReportingAgent
let loop: HealthLoop
let transitions: Transition[]
let ended: Override[]
let nowMs: number

async function start(watched: WatchedEndpoints): Promise<WatchedEndpoints> {
  transitions = []
  ended = []
  nowMs = 1_000_000
  loop = new HealthLoop(
    {
      store,
      server: 'one',
      now: () => nowMs,
      onTransition: (transition) => transitions.push(transition),
      onOverrideEnd: (over) => ended.push(over),
    },
    watched,
  )
  await loop.start()
  return watched
}

beforeEach(() => {
  store = createMemoryStore()
  agent = new ReportingAgent(store)
})
afterEach(async () => {
  loop.stop()
  await store.close()
})

const verdictAt = ({ table }: WatchedEndpoints, index: number): Verdict => cellVerdict(table.health.cells[index]!)
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('epochs', () => {
  test('move for the services of the endpoints that changed, and for no other', async () => {
    const watched = await start(watch({ web: ['fra/192.0.2.1', 'iad/192.0.2.2'], api: ['fra/192.0.2.3'] }))
    await agent.say(report('192.0.2.2', Verdict.up))
    await settle()
    expect([...watched.table.epochs]).toEqual([1, 0])
    expect(verdictAt(watched, 1)).toBe(Verdict.up)
  })

  test('of all services move that share a probe', async () => {
    const watched = await start(watch({ web: ['fra/192.0.2.1'], api: ['fra/192.0.2.1'] }))
    await agent.say(report('192.0.2.1', Verdict.down))
    await settle()
    expect([...watched.table.epochs]).toEqual([1, 1])
  })

  test('stay when a report repeats what is known, and move when its stability shrinks', async () => {
    const watched = await start(watch({ web: ['fra/192.0.2.1'] }))
    await agent.say(report('192.0.2.1', Verdict.up, 3))
    await agent.say(report('192.0.2.1', Verdict.up, 3))
    await settle()
    expect([...watched.table.epochs]).toEqual([1])
    await agent.say(report('192.0.2.1', Verdict.up, 2))
    await settle()
    expect([...watched.table.epochs]).toEqual([2])
  })

  test('are seen moved only with the new cells', async () => {
    const watched = await start(watch({ web: ['fra/192.0.2.1'] }))
    const seen: number[] = []
    const add = jest.spyOn(Atomics, 'add').mockImplementation(() => {
      seen.push(watched.table.health.cells[0]!)
      return 0 as never
    })
    await agent.say(report('192.0.2.1', Verdict.up))
    await settle()
    add.mockRestore()
    expect(seen.map(cellVerdict)).toEqual([Verdict.up])
  })
})

describe('overrides', () => {
  test('that were there before the start are in force at once', async () => {
    await store.putOverride(override('a', 'fra'))
    const watched = await start(watch({ web: ['fra/192.0.2.1', 'iad/192.0.2.2'] }))
    expect([...watched.table.health.cells].map((cell) => (cell & DRAINED) !== 0)).toEqual([true, false])
  })

  test('end by time alone: the cell and the epoch move, and the store forgets them', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setImmediate'] })
    try {
      const watched = await start(watch({ web: ['fra/192.0.2.1'] }))
      await store.putOverride(override('a', 'fra', nowMs + 5000))
      await settle()
      expect(watched.table.health.cells[0]! & DRAINED).not.toBe(0)
      expect(watched.table.health.changesAt[0]).toBe(nowMs + 5000)
      const epoch = watched.table.epochs[0]!
      nowMs += 5000
      jest.advanceTimersByTime(5000)
      await settle()
      expect(watched.table.health.cells[0]! & DRAINED).toBe(0)
      expect(watched.table.health.changesAt[0]).toBe(Number.POSITIVE_INFINITY)
      expect(watched.table.epochs[0]).toBe(epoch + 1)
      expect(ended.map(({ id }) => id)).toEqual(['a'])
      expect(await store.overrides()).toEqual([])
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('other endpoints', () => {
  test('start with the verdicts of the targets that are still probed, and the new ones unknown', async () => {
    await start(watch({ web: ['fra/192.0.2.1', 'iad/192.0.2.2'] }))
    await agent.say(report('192.0.2.1', Verdict.up), report('192.0.2.2', Verdict.down))
    await settle()
    transitions.length = 0
    const after = watch({ web: ['sin/192.0.2.9', 'iad/192.0.2.2', 'fra/192.0.2.1'] })
    loop.adopt(after)
    expect([0, 1, 2].map((index) => verdictAt(after, index))).toEqual([Verdict.unknown, Verdict.down, Verdict.up])
    expect(transitions).toEqual([])
  })

  test('of the same id but another check are unknown again, and that is a transition', async () => {
    await start(watch({ web: ['fra/192.0.2.1'] }))
    await agent.say(report('192.0.2.1', Verdict.up))
    await settle()
    const configuration = {
      services: [{ name: 'web' }],
      endpoints: [
        { endpoint: { index: 0, id: 'web/fra/192.0.2.1' }, service: 0, servedBy: [0], site: 0, targets: ['other'] },
      ],
      probeTargets: [{ ...targetOf('192.0.2.1'), id: 'other' }],
      health: HEALTH,
    } as unknown as Parts
    transitions.length = 0
    loop.adopt(watchEndpoints(configuration, createTable(configuration)))
    expect(transitions).toMatchObject([{ endpoint: 'web/fra/192.0.2.1', from: 'up', to: 'unknown' }])
  })

  test('get the reports from then on, the old table none', async () => {
    const before = await start(watch({ web: ['fra/192.0.2.1'] }))
    const after = watch({ web: ['fra/192.0.2.1'] })
    loop.adopt(after)
    await agent.say(report('192.0.2.1', Verdict.up))
    await settle()
    expect(verdictAt(before, 0)).toBe(Verdict.unknown)
    expect(verdictAt(after, 0)).toBe(Verdict.up)
  })

  test('a withdrawn report of a target that is no longer probed leaves no trace', async () => {
    await start(watch({ web: ['fra/192.0.2.1'] }))
    await agent.say(report('192.0.2.1', Verdict.up))
    await settle()
    loop.adopt(watch({ web: ['fra/192.0.2.7'] }))
    await agent.drop(targetOf('192.0.2.1').id)
    await settle()
    loop.adopt(watch({ web: ['fra/192.0.2.1'] }))
    expect(loop.countUnknown()).toBe(1)
  })
})

describe('first verdicts', () => {
  test('are there when every target has one', async () => {
    await start(watch({ web: ['fra/192.0.2.1', 'iad/192.0.2.2'] }))
    let there = false
    const wait = loop.firstVerdicts(10_000).then(() => {
      there = true
    })
    await agent.say(report('192.0.2.1', Verdict.up))
    await settle()
    expect([there, loop.countUnknown()]).toEqual([false, 1])
    await agent.say(report('192.0.2.2', Verdict.down))
    await wait
    expect(loop.countUnknown()).toBe(0)
  })

  test('are not waited for longer than asked, nor when there is nothing to check', async () => {
    await start(watch({ web: ['fra/192.0.2.1'] }))
    await loop.firstVerdicts(1)
    loop.adopt(watch({}))
    await loop.firstVerdicts(10_000)
  })
})

test('endpoints without checks are up from the start, and that is no transition', async () => {
  const configuration = {
    services: [{ name: 'web' }],
    endpoints: [{ endpoint: { index: 0, id: 'web/fra/192.0.2.1' }, service: 0, servedBy: [0], site: 0, targets: [] }],
    probeTargets: [],
    health: HEALTH,
  } as unknown as Parts
  const watched = await start(watchEndpoints(configuration, createTable(configuration)))
  expect(verdictAt(watched, 0)).toBe(Verdict.up)
  expect(transitions).toEqual([])
})

test('a transition tells the effective verdict, with its reason', async () => {
  await start(watch({ web: ['fra/192.0.2.1'] }))
  await agent.say(report('192.0.2.1', Verdict.up))
  await settle()
  await store.putOverride({ ...override('a', 'fra'), action: 'down' })
  await settle()
  expect(transitions).toEqual([
    { endpoint: 'web/fra/192.0.2.1', from: 'unknown', to: 'up', at: nowMs, reason: 'because' },
    { endpoint: 'web/fra/192.0.2.1', from: 'up', to: 'down', at: nowMs, reason: 'forced down by alice: update' },
  ])
})
