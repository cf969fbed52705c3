import { setTimeout as pause } from 'node:timers/promises'
import { followChecks, startAgent } from '@windrose/agent'
import { encodeTargetState, NO_HEALTH, next } from '@windrose/health'
import { createRedisStore, type Store, type TargetReport } from '@windrose/store'
import { median, quantile } from '../measure/statistics.ts'
import type { Section } from '../report/section.ts'
import { followed } from './followed.ts'
import { AGENTS, fill, leaseOf, RULES, reports, TARGETS, VANTAGES } from './many-reports.ts'
import { RedisProcess } from './redis-process.ts'

const RESYNCS = 7
const TRANSITIONS = 1000
const QUIET_S = 10

/** What a health table of many endpoints and agents takes in Redis, and how soon servers know of it. */
export async function storeSize(say: (line: string) => void): Promise<Section> {
  const redis = await RedisProcess.start()
  const stores: Store[] = []
  const open = (name: string): Store => {
    const store = createRedisStore({ access: redis.access('bench'), name })
    stores.push(store)
    return store
  }
  try {
    say(`${TARGETS.toLocaleString('en')} endpoints, ${AGENTS} agents`)
    const empty = await redis.info('used_memory')
    const writer = open('agents')
    for (let agent = 0; agent < AGENTS; agent++) await fill(writer, agent)
    await keep(writer)
    const megabytes = ((await redis.info('used_memory')) - empty) / 2 ** 20

    say('resynchronisation of a server')
    const resyncs: { read: number; judged: number }[] = []
    for (let i = 0; i < RESYNCS; i++) resyncs.push(await resync(open(`server ${i}`)))
    const resyncS = median(resyncs.map(({ read }) => read))
    const judgedS = median(resyncs.map(({ judged }) => judged))

    say(`${TRANSITIONS} transitions`)
    const latencies = await transitions(writer, [open('one'), open('two')])

    say(`${QUIET_S} quiet seconds of an agent`)
    const commands = await quiet()
    const p99 = quantile(latencies, 0.99)
    return {
      title: 'The health table in Redis',
      text: `${TARGETS.toLocaleString('en')} endpoints with a check each, ${AGENTS} agents at ${VANTAGES} vantages, the keeper's record of all verdicts beside
them. A resynchronisation is from a new connection to all that the store holds; \`and judged\` adds one step over all
endpoints. Transitions are of one endpoint each, from the agent's call until both of two servers have it. A quiet agent
renews its lease and looks for changes of its checks; what Redis carries out inside scripts is counted too.`,
      columns: ['figure', 'value'],
      rows: [
        ['memory of Redis', `${megabytes.toFixed(1)} MB`],
        ['resynchronisation', `${resyncS.toFixed(3)} s`],
        ['and judged', `${judgedS.toFixed(3)} s`],
        ['transition, p50', `${quantile(latencies, 0.5).toFixed(2)} ms`],
        ['transition, p99', `${p99.toFixed(2)} ms`],
        ['commands of a quiet agent', `${commands.toFixed(1)} a second`],
      ],
      goals: [
        { what: 'memory of Redis', value: megabytes, most: 20, unit: ' MB' },
        { what: "a server's full resynchronisation", value: resyncS, most: 0.3, unit: ' s' },
        { what: 'a transition seen by every server, p99', value: p99, most: 10, unit: ' ms' },
        { what: 'commands of an agent when nothing changes, a second', value: commands, most: 5, unit: '' },
      ],
    }
  } finally {
    for (const store of stores) await store.close()
    await redis.stop()
  }
}

async function keep(store: Store): Promise<void> {
  const leave = await followed(store)
  const { targets } = next(NO_HEALTH, store.book, Date.now(), RULES)
  const fence = await store.keep('bench', 60_000)
  const states = new Map([...targets].map(([id, state]) => [id, encodeTargetState(state)]))
  await store.putStates({ server: 'bench', fence: fence! }, { sequence: 1, states, whole: true })
  leave()
}

async function resync(store: Store): Promise<{ read: number; judged: number }> {
  const start = performance.now()
  const leave = await followed(store)
  const read = (performance.now() - start) / 1000
  next(NO_HEALTH, store.book, Date.now(), RULES)
  const judged = (performance.now() - start) / 1000
  leave()
  return { read, judged }
}

async function transitions(writer: Store, servers: readonly Store[]): Promise<number[]> {
  let heard = 0
  let done: () => void = () => undefined
  const onReports = () => {
    heard++
    if (heard === servers.length) done()
  }
  await Promise.all(servers.map((server) => followed(server, { onReports })))
  const incarnation = await writer.enroll('agent-0', 0)
  let sequence = 1
  const batch = (changed: readonly TargetReport[]) => ({
    agent: 'agent-0',
    incarnation,
    sequence: sequence++,
    at: Date.now(),
    reports: changed,
    dropped: [],
  })
  await writer.publishWhole(batch(reports(0)))
  await writer.renew(leaseOf(0, incarnation, 1))
  await pause(2000)
  const latencies: number[] = []
  for (let i = 0; i < TRANSITIONS; i++) {
    heard = 0
    const all = new Promise<void>((resolve) => {
      done = resolve
    })
    const [report] = reports(0).slice(i, i + 1)
    await pause(1 + (i % 5))
    const start = performance.now()
    await Promise.all([writer.publish(batch([{ ...report!, verdict: 2, reason: 'connection refused' }])), all])
    latencies.push(performance.now() - start)
  }
  return latencies.sort((a, b) => a - b)
}

async function quiet(): Promise<number> {
  const redis = await RedisProcess.start()
  const store = createRedisStore({ access: redis.access('bench'), name: 'quiet' })
  const agent = startAgent({
    name: 'quiet',
    vantage: 'vantage-0',
    store,
    targets: [],
    version: '0.1.0',
    random: Math.random,
    now: Date.now,
  })
  const unfollow = followChecks(store, Math.random, {
    onAssignment: () => undefined,
    onNothing: () => undefined,
    onTrouble: () => undefined,
  })
  // As a server does, so that the agent has something to follow.
  const server = createRedisStore({ access: redis.access('bench'), name: 'server' })
  await server.publishChecks('server', { revision: '1', targets: [], controlTargets: [] }, 600_000)
  await pause(3000)
  const before = await redis.info('total_commands_processed')
  await pause(QUIET_S * 1000)
  const commands = (await redis.info('total_commands_processed')) - before
  unfollow()
  await agent.stop()
  await store.close()
  await server.close()
  await redis.stop()
  return commands / QUIET_S
}
