import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  CHECK_DEFAULTS,
  HTTP_DEFAULTS,
  type HttpCheck,
  makeProbeTarget,
  type ProbeTarget,
  PUSH_TIMING,
  printVerdict,
  type Report,
  type TcpCheck,
} from '@windrose/health'
import { createMemoryStore, DEAF_FOLLOWER, type Store, targetKey } from '@windrose/store'
import { type Agent, type AgentOptions, startAgent } from './agent.ts'

jest.setTimeout(15_000)

const INTERVAL_MS = 40
let store: Store
let heard: Report[]
/** By what a store says of a target. */
const idOf = new Map<number, string>()
const agents = new Set<Agent>()
const servers = new Set<Server>()
const sockets = new Set<Socket>()

beforeEach(() => {
  store = createMemoryStore()
  heard = []
  store.follow({
    ...DEAF_FOLLOWER,
    onReports: (keys) => {
      for (const key of keys) {
        const id = idOf.get(key)
        const [report] = id === undefined ? [] : store.book.reports(id)
        if (report !== undefined) heard.push(report)
      }
    },
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
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function start(targets: ProbeTarget[], change: Partial<AgentOptions> = {}): Agent {
  for (const { id } of targets) idOf.set(targetKey(id), id)
  const agent = startAgent({
    name: 'embedded',
    vantage: 'here',
    store,
    targets,
    random: Math.random,
    now: Date.now,
    version: '0.1.0',
    ...change,
  })
  agents.add(agent)
  return agent
}

function tcpTarget(port: number, change: Partial<TcpCheck> = {}): ProbeTarget {
  const timing = { intervalMs: INTERVAL_MS, timeoutMs: 30, rise: 2 }
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
  const timing = { intervalMs: INTERVAL_MS, timeoutMs: 30, rise: 2, headers: {} }
  const check = { ...CHECK_DEFAULTS, ...HTTP_DEFAULTS, ...timing, name: 'web', ...change }
  return makeProbeTarget('127.0.0.1', 'ipv4', { ...check, type: 'http', port })
}

async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 9000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`nothing happened within 9 s; heard ${JSON.stringify(heard.slice(-3))}`)
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
    const target = httpTarget(port, { timeoutMs: 2000 })
    start([target])
    await until(() => lastWord(target) === 'up: status 200')
    await kill(first)
    await until(() => lastWord(target) === 'down: connection refused')
    await listen(serve(), port)
    await until(() => lastWord(target) === 'up: status 200')
    const steps = heard.map((report) => printVerdict(report.verdict))
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual(['up', 'down', 'up'])
  })

  test('says a thing once; that it lives is what its lease says', async () => {
    const target = tcpTarget(await listen(createServer()))
    let results = 0
    const agent = start([target], { onResult: () => results++, leaseMs: 120 })
    await until(() => results > 10)
    expect(heard).toHaveLength(1)
    expect(agent.stats().batches).toBeLessThanOrEqual(2)
    expect(store.book.agents.get('embedded')).toMatchObject({ alive: true, vantage: 'here', targets: 1 })
    await agent.stop()
    await until(() => store.book.agents.get('embedded')?.alive === false)
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
    idOf.set(targetKey(added.id), added.id)
    agent.setTargets([kept, added])
    await until(() => lastWord(added) !== undefined && store.book.reports(removed.id).length === 0)
    expect(store.book.reports(kept.id)).toMatchObject([{ since }])
    expect(agent.stats().targets).toBe(2)
  })

  test('started again under its name, it speaks over its former self', async () => {
    const target = tcpTarget(await listen(createServer()))
    const former = start([target])
    await until(() => heard.length > 0)
    await former.stop()
    start([target])
    await until(() => heard.some((report) => report.incarnation === 2))
    expect(store.book.reports(target.id)).toMatchObject([{ incarnation: 2 }])
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
      enroll: { value: async (agent: string) => (away ? Promise.reject(new Error('away')) : store.enroll(agent, 0)) },
      publishWhole: { value: store.publishWhole.bind(store) },
      publish: { value: store.publish.bind(store) },
      renew: { value: store.renew.bind(store) },
      leave: { value: store.leave.bind(store) },
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

  test('tells at once that another with its name has come, and stops probing', async () => {
    const target = tcpTarget(await listen(createServer()))
    let fenced = false
    const former = start([target], {
      leaseMs: 60,
      onFenced: () => {
        fenced = true
      },
    })
    await until(() => heard.length > 0)
    start([target])
    await until(() => fenced)
    expect(former.stats()).toMatchObject({ targets: 0, fenced: true })
    await until(() => store.book.reports(target.id)[0]?.incarnation === 2)
  })

  test('that loses its network says so, never that a target is down, and begins anew when it is back', async () => {
    const origin = createServer()
    const control = createServer()
    const target = tcpTarget(await listen(origin))
    const controlPort = await listen(control)
    const told: boolean[] = []
    start([target], {
      controlTargets: [`127.0.0.1:${controlPort}`],
      onIsolated: (isolated) => told.push(isolated),
      leaseMs: 60,
    })
    await until(() => lastWord(target) === 'up: connected')
    await Promise.all([kill(control), kill(origin)])
    await until(() => store.book.agents.get('embedded')?.isolated === true)
    expect(store.book.reports(target.id)).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 5 * INTERVAL_MS))
    expect(heard.filter(({ verdict }) => verdict === 2)).toEqual([])
    await listen(createServer(), controlPort)
    await until(() => told.length === 2)
    await until(() => lastWord(target) === 'down: connection refused')
    expect(told).toEqual([true, false])
  })

  test('that is isolated by control targets which are taken away has its vote again', async () => {
    const target = tcpTarget(await listen(createServer()))
    const agent = start([target], { controlTargets: ['127.0.0.1:1'], leaseMs: 60 })
    await until(() => store.book.agents.get('embedded')?.isolated === true)
    agent.setTargets([target], [])
    await until(() => lastWord(target) === 'up: connected')
    await until(() => store.book.agents.get('embedded')?.isolated === false)
  })

  test('whose control targets are well reports a target that is down', async () => {
    const origin = createServer()
    const control = createServer()
    const target = tcpTarget(await listen(origin))
    start([target], { controlTargets: [`127.0.0.1:${await listen(control)}`] })
    await until(() => lastWord(target) === 'up: connected')
    await kill(origin)
    await until(() => lastWord(target) === 'down: connection refused')
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
      tcpTarget(port, { intervalMs: 60_000 + index, timeoutMs: 30_000 }),
    )
    const agent = start(targets)
    await until(() => new Set(heard.map((report) => report.target)).size === 1000)
    expect(Object.values(agent.stats().skipped)).toEqual([0, 0, 0, 0])
    expect(heard.filter(({ verdict }) => verdict !== 1)).toEqual([])
  })
})
