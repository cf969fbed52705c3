import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  CHECK_DEFAULTS,
  HTTP_DEFAULTS,
  type HttpCheck,
  makeProbeTarget,
  NO_VERDICTS,
  next,
  type ProbeTarget,
  PUSH_TIMING,
  printVerdict,
  type Report,
  type TcpCheck,
} from '@windrose/health'
import { createMemoryStore, type Store } from '@windrose/store'
import { type Agent, type AgentOptions, startAgent } from './agent.ts'

const INTERVAL_MS = 100
let store: Store
let heard: Report[]
const agents = new Set<Agent>()
const servers = new Set<Server>()
const sockets = new Set<Socket>()

beforeEach(() => {
  store = createMemoryStore()
  heard = []
  store.subscribe((event) => {
    if (event.kind === 'reports') heard.push(...event.reports)
  })
})
afterEach(async () => {
  await Promise.all([...agents].map((agent) => agent.stop()))
  agents.clear()
  await Promise.all([...servers].map(kill))
  await store.close()
})

/** Takes a server away with all its connections, as a crash would. */
async function kill(server: Server): Promise<void> {
  servers.delete(server)
  const closed = new Promise((resolve) => server.close(resolve))
  for (const socket of sockets) socket.destroy()
  await closed
}

async function listen(server: Server, port = 0): Promise<number> {
  servers.add(server)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  // Room for all connections of a busy turn: one that is dropped comes again a second later.
  await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1', backlog: 2000 }, resolve))
  return (server.address() as AddressInfo).port
}

function start(targets: ProbeTarget[], change: Partial<AgentOptions> = {}): Agent {
  const agent = startAgent({
    name: 'embedded',
    vantage: 'here',
    store,
    targets,
    random: Math.random,
    now: Date.now,
    ...change,
  })
  agents.add(agent)
  return agent
}

function tcpTarget(port: number, change: Partial<TcpCheck> = {}): ProbeTarget {
  const timing = { intervalMs: INTERVAL_MS, timeoutMs: 80, rise: 2 }
  return makeProbeTarget('127.0.0.1', 'ipv4', {
    ...CHECK_DEFAULTS,
    ...timing,
    name: 'port',
    ...change,
    type: 'tcp',
    port,
  })
}

function httpTarget(port: number, change: Partial<HttpCheck> = {}): ProbeTarget {
  const timing = { intervalMs: INTERVAL_MS, timeoutMs: 80, rise: 2, headers: {} }
  const check = { ...CHECK_DEFAULTS, ...HTTP_DEFAULTS, ...timing, name: 'web', ...change }
  return makeProbeTarget('127.0.0.1', 'ipv4', { ...check, type: 'http', port })
}

async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 4000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`nothing happened within 4 s; heard ${JSON.stringify(heard.slice(-3))}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const lastWord = (target: ProbeTarget) => {
  const report = heard.findLast((one) => one.target === target.id)
  return report === undefined ? undefined : `${printVerdict(report.verdict)}: ${report.reason}`
}

describe('an agent', () => {
  test('tells of an origin that is well, dies, and comes back', async () => {
    const serve = () => createHttpServer((_, response) => response.end('well'))
    const first = serve()
    const port = await listen(first)
    const target = httpTarget(port)
    start([target])
    await until(() => lastWord(target) === 'up: status 200')
    await kill(first)
    await until(() => lastWord(target) === 'down: connection refused')
    await listen(serve(), port)
    await until(() => lastWord(target) === 'up: status 200')
    const steps = heard.map((report) => `${printVerdict(report.verdict)}/${Math.round(report.stability * 1000)}`)
    const changes = steps.filter((step, index) => step !== steps[index - 1])
    expect(changes).toEqual(['up/300', 'up/200', 'up/100', 'down/200', 'down/100', 'up/300'])
  })

  test('what it says becomes the verdict of the target', async () => {
    const target = tcpTarget(await listen(createServer()))
    start([target])
    await until(() => heard.length > 0)
    const { targets } = next(NO_VERDICTS, await store.reports(), 1)
    expect(targets.get(target.id)).toMatchObject({ global: { verdict: 1, reason: 'connected' } })
  })

  test('says again what it thinks at least once in three intervals, and not at every probe', async () => {
    const target = tcpTarget(await listen(createServer()), { intervalMs: 100, timeoutMs: 50 })
    let results = 0
    start([target], { onResult: () => results++ })
    await until(() => heard.length === 4)
    const times = heard.map((report) => report.at)
    for (const [index, time] of times.slice(1).entries()) expect(time - times[index]!).toBeLessThanOrEqual(300 + 50)
    expect(results).toBeGreaterThan(heard.length)
    expect(heard.map((report) => report.sequence)).toEqual([1, 2, 3, 4])
  })

  test('tells every result to its listener, with the state that it led to', async () => {
    const target = tcpTarget(await listen(createServer()))
    const told: string[] = []
    start([target], {
      onResult: (of, result, state) => told.push(`${of.check.name} ${result.outcome} ${printVerdict(state.verdict)}`),
    })
    await until(() => told.length > 1)
    expect(told[0]).toBe('port success up')
  })

  test('says that it could not probe, which is no verdict', async () => {
    const target = httpTarget(await listen(createHttpServer()), { path: '/a b' })
    const agent = start([target])
    await until(() => heard.length > 0)
    expect(lastWord(target)).toMatch(/^unknown: the request cannot be made/)
    expect(agent.stats().results).toMatchObject({ success: 0, failure: 0 })
  })

  test('keeps the state of known targets over a reload, drops that of removed ones and begins with new ones', async () => {
    const port = await listen(createServer())
    const kept = tcpTarget(port)
    const removed = tcpTarget(port, { fall: 9 })
    const added = tcpTarget(port, { fall: 8 })
    const agent = start([kept, removed])
    await until(() => lastWord(kept) !== undefined && lastWord(removed) !== undefined)
    const since = heard.find((report) => report.target === kept.id)!.since
    agent.setTargets([kept, added])
    await until(() => lastWord(added) !== undefined)
    await until(() => heard.filter((report) => report.target === kept.id).length > 2)
    expect(heard.findLast((report) => report.target === kept.id)!.since).toBe(since)
    expect((await store.reports()).map((report) => report.target).sort()).toEqual([kept.id, added.id].sort())
    expect(agent.stats().targets).toBe(2)
  })

  test('started again under its name, it speaks over its former self', async () => {
    const target = tcpTarget(await listen(createServer()))
    const former = start([target])
    await until(() => heard.length > 0)
    await former.stop()
    start([target])
    await until(() => heard.some((report) => report.incarnation === 2))
    expect(await store.reports()).toMatchObject([{ incarnation: 2 }])
  })

  test('probes a hanging origin no more than once at a time, and leaves nothing open when it stops', async () => {
    const server = createServer((socket) => socket.resume().on('error', () => undefined))
    const target = httpTarget(await listen(server), { timeoutMs: 5000 })
    const agent = start([target])
    await until(() => agent.stats().skipped.stillRunning > 1)
    expect(agent.stats().running).toBe(1)
    expect(sockets.size).toBe(1)
    await agent.stop()
    await until(() => sockets.size === 0)
    expect(agent.stats()).toMatchObject({ targets: 0, running: 0 })
    const count = heard.length
    await new Promise((resolve) => setTimeout(resolve, 3 * INTERVAL_MS))
    expect(heard).toHaveLength(count)
  })

  test('goes on probing while the store is away, and catches up when it is back', async () => {
    let away = true
    const flaky: Store = Object.create(store, {
      publish: { value: (reports: Report[]) => (away ? Promise.reject(new Error('away')) : store.publish(reports)) },
      enroll: { value: (agent: string) => store.enroll(agent) },
      retain: { value: (...args: Parameters<Store['retain']>) => store.retain(...args) },
    })
    const server = createServer()
    const target = tcpTarget(await listen(server))
    const agent = start([target], { store: flaky })
    await until(() => agent.stats().publishFailures > 0)
    await kill(server)
    await until(() => agent.stats().results.failure > 3)
    away = false
    await until(() => lastWord(target) === 'down: connection refused')
    expect(heard[0]!.verdict).toBe(2)
  })

  test('looks again at the fast interval until the verdict has turned', async () => {
    const first = createServer()
    const port = await listen(first)
    const target = tcpTarget(port, { intervalMs: 400, timeoutMs: 300, fastIntervalMs: 20, rise: 3, fall: 3 })
    const times: number[] = []
    start([target], { onResult: () => times.push(performance.now()) })
    await until(() => lastWord(target) === 'up: connected')
    await kill(first)
    await until(() => lastWord(target) === 'down: connection refused')
    const [firstFailure = 0, , third = 0] = times.slice(-3)
    expect(third - firstFailure).toBeLessThan(300)
    await listen(createServer(), port)
    await until(() => lastWord(target) === 'up: connected')
  })

  test('leaves targets alone that speak for themselves', async () => {
    const probed = tcpTarget(await listen(createServer()))
    const pushed = makeProbeTarget('127.0.0.1', 'ipv4', { ...PUSH_TIMING, name: 'push', type: 'push', ttlMs: 1000 })
    const agent = start([probed, pushed])
    await until(() => lastWord(probed) !== undefined)
    expect(agent.stats().targets).toBe(1)
    expect(lastWord(pushed)).toBeUndefined()
  })

  test('carries a thousand targets without skipping one', async () => {
    const port = await listen(createServer((socket) => socket.resume().on('error', () => undefined)))
    const targets = Array.from({ length: 1000 }, (_, index) =>
      tcpTarget(port, { intervalMs: 2000 + index, timeoutMs: 1000 }),
    )
    const agent = start(targets)
    await until(() => new Set(heard.map((report) => report.target)).size === 1000)
    expect(agent.stats().skipped).toEqual({ stillRunning: 0, tooManyRunning: 0 })
    expect(heard.every((report) => report.verdict === 1)).toBe(true)
  })
})
