import {
  BRAKE_DEFAULTS,
  type Check,
  DAMPING_DEFAULTS,
  groupTargets,
  type HealthRules,
  makeProbeTarget,
} from '@windrose/health'
import { cellVerdict, Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { createTable } from '../build-snapshot.ts'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { HealthLoop } from './health-loop.ts'
import { MirroredStore } from './mirrored-store.fixture.ts'
import { type WatchedEndpoints, watchEndpoints } from './watched-endpoints.ts'

/**
 * Several servers that share a store, through random histories: agents change their minds, come and go, servers are cut
 * off and started anew, and with them the keeper. What one server hears first another hears last.
 */

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
const VANTAGES = ['a', 'b', 'c']
const TARGETS = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((address) =>
  makeProbeTarget(address, 'ipv4', check),
)
const rules: HealthRules = {
  vantages: VANTAGES,
  quorum: { minAgents: 1, minVantages: 2, share: 0.5 },
  brake: { ...BRAKE_DEFAULTS, intervalMs: 3000 },
  damping: { ...DAMPING_DEFAULTS, halfLifeMs: 20_000, maxMs: 120_000 },
  pushed: new Set(),
  holdDownMs: 30_000,
  ramp: { stepMs: 3000 },
  groups: groupTargets([
    { name: 'web/fra', ttlMs: 5000, endpoints: [[TARGETS[0]!.id], [TARGETS[1]!.id]] },
    { name: 'web/iad', ttlMs: 5000, endpoints: [[TARGETS[2]!.id], [TARGETS[3]!.id]] },
  ]),
}
const configuration = {
  services: [{ name: 'web' }],
  endpoints: TARGETS.map(({ id, address }, index) => ({
    endpoint: { index, id: `web/fra/${address}` },
    service: 0,
    servedBy: [0],
    site: 0,
    targets: [id],
  })),
  probeTargets: TARGETS,
  health: { rules, vantages: VANTAGES.map((name) => ({ name })), views: 'areas' },
} as unknown as Pick<ServedConfiguration, 'endpoints' | 'probeTargets' | 'services' | 'health'>

class Server {
  readonly link
  readonly watched: WatchedEndpoints
  readonly loop: HealthLoop
  readonly #store: MirroredStore
  /** Its clock against that of the timers. */
  clockMs = 0

  constructor(store: MirroredStore, name: string) {
    this.#store = store
    this.link = store.connect()
    this.watched = watchEndpoints(configuration, createTable(configuration))
    this.loop = new HealthLoop(
      {
        store: this.link,
        server: name,
        now: () => Date.now() + this.clockMs,
        onTransition: () => undefined,
        onOverrideEnd: () => undefined,
      },
      this.watched,
    )
  }

  get verdicts(): string {
    return [...this.watched.table.health.cells].map((cell) => '?UD'[cellVerdict(cell)]).join('')
  }

  stop(): void {
    this.loop.stop()
    this.#store.disconnect(this.link)
  }
}

const pass = (ms: number): Promise<unknown> => jest.advanceTimersByTimeAsync(ms)

type Happening =
  | { readonly kind: 'say'; readonly agent: number; readonly target: number; readonly isUp: boolean }
  | { readonly kind: 'all'; readonly target: number; readonly isUp: boolean }
  | { readonly kind: 'agent'; readonly agent: number; readonly alive: boolean; readonly isolated: boolean }
  | { readonly kind: 'cut' | 'join' | 'restart' | 'stall' | 'deafen'; readonly server: number }
  | { readonly kind: 'clock'; readonly server: number; readonly byMs: number }

const SERVERS = 3
const AGENTS = 6
const DEAF_MS = 20_000
const someTarget = fc.nat(TARGETS.length - 1)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('all' as const), target: someTarget, isUp: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      agent: fc.nat(AGENTS - 1),
      target: someTarget,
      isUp: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('agent' as const),
      agent: fc.nat(AGENTS - 1),
      alive: fc.boolean(),
      isolated: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'join' as const, 'restart' as const, 'stall' as const, 'deafen' as const),
      server: fc.nat(SERVERS - 1),
    }),
  },
)
const clock: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('clock' as const),
  server: fc.nat(SERVERS - 1),
  byMs: fc.integer({ min: -20_000, max: 20_000 }),
})
const pauses = fc.constantFrom(0, 1, 20, 300, 2000, 5000)
const history = fc.array(fc.tuple(happening, pauses), { maxLength: 40 })
const withClocks = fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: happening }, clock), pauses), { maxLength: 40 })
const delays = fc.array(fc.nat(60), { minLength: 7, maxLength: 7 })

class Fleet {
  readonly store: MirroredStore
  readonly servers: Server[] = []
  #sequence = 0

  constructor(delaysMs: readonly number[]) {
    let next = 0
    this.store = new MirroredStore(() => delaysMs[next++ % delaysMs.length]!)
    for (let agent = 0; agent < AGENTS; agent++) {
      this.setAgent(agent, true, false)
      for (let target = 0; target < TARGETS.length; target++) this.say(agent, target, true)
    }
  }

  setAgent(agent: number, alive: boolean, isolated: boolean): void {
    this.store.setAgent({ agent: `agent-${agent}`, vantage: VANTAGES[agent % 3]!, incarnation: 1, isolated, alive })
  }

  say(agent: number, target: number, isUp: boolean): void {
    this.store.say({
      agent: `agent-${agent}`,
      vantage: VANTAGES[agent % 3]!,
      incarnation: 1,
      sequence: ++this.#sequence,
      target: TARGETS[target]!.id,
      verdict: isUp ? Verdict.up : Verdict.down,
      since: 0,
      stability: 3,
      reason: isUp ? 'success' : 'failure',
      at: 0,
    })
  }

  sayAll(target: number, isUp: boolean): void {
    for (let agent = 0; agent < AGENTS; agent++) this.say(agent, target, isUp)
  }

  async start(index: number): Promise<void> {
    const server = new Server(this.store, `server-${index}`)
    this.servers[index] = server
    const started = server.loop.start()
    await pass(100)
    await started
  }

  async take(what: Happening): Promise<void> {
    if (what.kind === 'say') this.say(what.agent, what.target, what.isUp)
    if (what.kind === 'all') this.sayAll(what.target, what.isUp)
    if (what.kind === 'agent') this.setAgent(what.agent, what.alive, what.isolated)
    if (what.kind === 'cut') this.servers[what.server]!.link.cut()
    if (what.kind === 'join' && !this.servers[what.server]!.link.link.up) this.servers[what.server]!.link.join()
    if (what.kind === 'clock') this.servers[what.server]!.clockMs += what.byMs
    // Its lease stands, if it is the keeper.
    if (what.kind === 'stall') this.servers[what.server]!.link.stall(2500)
    if (what.kind === 'deafen') this.servers[what.server]!.link.stall(DEAF_MS)
    if (what.kind === 'restart') {
      this.servers[what.server]!.stop()
      await this.start(what.server)
    }
  }

  /** All are connected, and nothing new happens for so long. */
  async quiet(ms: number): Promise<void> {
    for (const { link } of this.servers) if (!link.link.up) link.join()
    await pass(ms)
  }

  expectAgreement(): void {
    const [first, ...others] = this.servers.map(({ verdicts }) => verdicts)
    expect(others).toEqual(others.map(() => first))
  }

  stop(): void {
    for (const server of this.servers) server.stop()
  }
}

async function play(
  happenings: readonly (readonly [Happening, number])[],
  delaysMs: readonly number[],
  look: (fleet: Fleet) => Promise<void>,
): Promise<void> {
  jest.useFakeTimers({ now: 1_790_000_000_000 })
  const fleet = new Fleet(delaysMs)
  try {
    for (let server = 0; server < SERVERS; server++) await fleet.start(server)
    for (const [what, ms] of happenings) {
      await fleet.take(what)
      await pass(ms)
    }
    await look(fleet)
  } finally {
    fleet.stop()
    jest.useRealTimers()
  }
}

jest.setTimeout(600_000)

const RUNS = { numRuns: 100 }

test('once all have heard the same, all servers say the same, and one that starts anew does so when it has read the store', async () => {
  await fc.assert(
    fc.asyncProperty(history, delays, (happenings, delaysMs) =>
      play(happenings, delaysMs, async (fleet) => {
        await fleet.quiet(DEAF_MS + 8000)
        fleet.expectAgreement()
        for (let server = 0; server < SERVERS; server++) {
          await fleet.take({ kind: 'restart', server })
          fleet.expectAgreement()
        }
      }),
    ),
    RUNS,
  )
})

test('where the clocks of servers differ, and are set, they agree when all that is kept down for a time has come up', async () => {
  await fc.assert(
    fc.asyncProperty(withClocks, delays, (happenings, delaysMs) =>
      play(happenings, delaysMs, async (fleet) => {
        await fleet.quiet(180_000)
        fleet.expectAgreement()
      }),
    ),
    RUNS,
  )
})

test('what only those saw that are not the keeper is given up after two looks', async () => {
  await play([], [1], async (fleet) => {
    const keeper = fleet.servers.find(({ loop }) => loop.isKeeper)!
    keeper.link.stall(2500)
    fleet.sayAll(0, false)
    await pass(500)
    fleet.sayAll(0, true)
    await pass(2000)
    const held = `D${'U'.repeat(TARGETS.length - 1)}`.repeat(1 + VANTAGES.length)
    const up = held.replaceAll('D', 'U')
    expect(fleet.servers.map(({ verdicts }) => verdicts)).toEqual([up, held, held])
    await pass(6000)
    expect(fleet.servers.map(({ verdicts }) => verdicts)).toEqual([up, up, up])
  })
})

test('a keeper that hears nothing has others take back nothing that they believed when it happened', async () => {
  await play([], [1], async (fleet) => {
    const keeper = fleet.servers.find(({ loop }) => loop.isKeeper)!
    keeper.link.stall(60_000)
    for (const target of [0, 1]) {
      // Both agents of the vantage a; what the brake counts together is over in between.
      for (const agent of [0, 3]) fleet.say(agent, target, false)
      await pass(4000)
    }
    await pass(20_000)
    const views = fleet.servers.map(({ verdicts }) => verdicts)
    expect(views.filter((_, server) => fleet.servers[server] !== keeper)).toEqual([
      'UUUUDDUUUUUUUUUU',
      'UUUUDDUUUUUUUUUU',
    ])
  })
})
