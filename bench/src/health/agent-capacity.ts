import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Goal, Section } from '../report/section.ts'
import type { AgentFigures, AgentOrder } from './agent-process.ts'
import { freePort, RedisProcess } from './redis-process.ts'

const TARGETS = 10_000
const INTERVAL_MS = 10_000
const SETTLE_S = 15
const MEASURE_S = 30
const AGENT_CORE = '1'
const ORIGIN_CORE = '0'

/** What one agent with very many checks needs. The agent has one core, what it probes the other. */
export async function agentCapacity(say: (line: string) => void): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'windrose-bench-agent-'))
  const redis = await RedisProcess.start()
  const rows: string[][] = []
  const goals: Goal[] = []
  try {
    for (const kind of ['tcp', 'http', 'https'] as const) {
      say(`${TARGETS.toLocaleString('en')} ${kind} checks every ${INTERVAL_MS / 1000} s`)
      const figures = await measure(redis, folder, kind)
      const cpu = (figures.cpuSeconds / MEASURE_S) * 100
      rows.push([
        kind,
        `${cpu.toFixed(0)} %`,
        `${((figures.cpuSeconds / figures.probes) * 1e6).toFixed(0)} us`,
        figures.residentMegabytes.toFixed(0),
        String((TARGETS * MEASURE_S * 1000) / INTERVAL_MS),
        String(figures.probes),
        String(figures.failures),
        String(figures.skipped),
        (figures.commands / MEASURE_S).toFixed(1),
      ])
      if (kind === 'https') continue
      goals.push({ what: `CPU of an agent, ${kind}`, value: cpu, most: 60, unit: ' %' })
      goals.push({ what: `memory of an agent, ${kind}`, value: figures.residentMegabytes, most: 250, unit: ' MB' })
    }
  } finally {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    title: 'An agent with many checks',
    text: `${TARGETS.toLocaleString('en')} endpoints, each checked every ${INTERVAL_MS / 1000} s, for ${MEASURE_S} s; every probe on a fresh connection, https with a whole
handshake (P-256). CPU is of the agent's process, in percent of one core.`,
    columns: ['check', 'CPU', 'CPU a probe', 'resident MB', 'due', 'probes', 'failed', 'skipped', 'Redis commands a s'],
    rows,
    goals,
  }
}

/** Of the time that is measured. */
interface CapacityFigures extends AgentFigures {
  /** That Redis has carried out for it, those inside scripts too. */
  readonly commands: number
}

async function measure(redis: RedisProcess, folder: string, kind: AgentOrder['kind']): Promise<CapacityFigures> {
  const port = await freePort()
  const origin = await startOrigin(folder, kind, port)
  const agent = pinned('./agent-process.js', [], AGENT_CORE)
  try {
    const order: AgentOrder = { access: redis.access(kind), kind, port, targets: TARGETS, intervalMs: INTERVAL_MS }
    agent.send(order)
    await pause(SETTLE_S * 1000)
    const before = await figuresOf(agent)
    const commands = await redis.info('total_commands_processed')
    await pause(MEASURE_S * 1000)
    const after = await figuresOf(agent)
    return {
      commands: (await redis.info('total_commands_processed')) - commands,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      residentMegabytes: after.residentMegabytes,
      probes: after.probes - before.probes,
      failures: after.failures - before.failures,
      skipped: after.skipped - before.skipped,
    }
  } finally {
    agent.kill()
    origin.kill()
  }
}

async function startOrigin(folder: string, kind: AgentOrder['kind'], port: number): Promise<ChildProcess> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  if (kind === 'https') {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const names = ['-subj', '/CN=bench', '-days', '2', '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', ...curve, ...names], { stdio: 'ignore' })
  }
  const origin = pinned('./origin-process.js', [kind, String(port), key, cert], ORIGIN_CORE)
  await new Promise((resolve) => origin.once('message', resolve))
  return origin
}

function pinned(module: string, args: readonly string[], core: string): ChildProcess {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), args, { execArgv: [] })
  execFileSync('taskset', ['-apc', core, String(child.pid)], { stdio: 'ignore' })
  return child
}

function figuresOf(agent: ChildProcess): Promise<AgentFigures> {
  const figures = new Promise<AgentFigures>((resolve) => agent.once('message', (message) => resolve(message as never)))
  agent.send('figures')
  return figures
}
