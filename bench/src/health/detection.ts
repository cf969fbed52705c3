import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { composeMessage, parseMessage, queryMessage, Rtype, readName } from '@windrose/dns'
import { quantile } from '../measure/statistics.ts'
import type { Goal, Section } from '../report/section.ts'
import { type DetectionTimes, DetectionWitness } from './detection-witness.ts'
import { freePort, RedisProcess } from './redis-process.ts'

const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/windrose.js', import.meta.url))
const VANTAGES = ['eu', 'us', 'ap']
const INTERVAL_S = 1
const TIMEOUT_S = 0.5
const FALL = 2
/** After its first probe a target has its second one or two intervals later: that is over then. */
const START_S = 2 * INTERVAL_S
/** Each has an endpoint that fails, and one that does not. */
const SERVICES = 10
const FAILURES = 100
/** How often the name server is asked while an answer is waited for. */
const ASK_MS = 2

/** From the failure of an endpoint to the first changed answer: real agents, a real Redis, real queries. */
export async function detection(say: (line: string) => void): Promise<Section> {
  const rows: string[][] = []
  const goals: Goal[] = []
  const folder = mkdtempSync(join(tmpdir(), 'windrose-bench-detection-'))
  const redis = await RedisProcess.start()
  const children: ChildProcess[] = []
  try {
    const [dns, api, port] = [await freePort(), await freePort(), await freePort()]
    const origins = await Promise.all(
      Array.from({ length: SERVICES }, (_, i) => FailingOrigin.open(`127.40.0.${i + 1}`, port)),
    )
    const steady = await FailingOrigin.open('127.41.0.1', port)
    writeFiles(folder, { redis: redis.port, dns, api, port })
    children.push(spawn(process.execPath, [COMMAND, 'serve', '-c', join(folder, 'windrose.yaml')], { stdio: 'ignore' }))
    for (const vantage of VANTAGES) {
      const store = ['--store', `redis://127.0.0.1:${redis.port}`, '--namespace', 'bench']
      const args = ['agent', '--vantage', vantage, '--name', vantage, ...store]
      children.push(spawn(process.execPath, [COMMAND, ...args], { stdio: 'ignore' }))
    }
    const asker = new Asker(dns)
    const witness = await DetectionWitness.open({
      access: redis.access('bench'),
      api: `http://127.0.0.1:${api}`,
      agents: VANTAGES.length,
      needed: NEEDED,
    })
    await pause(START_S * 1000)
    for (const kind of ['refused', 'swallowed'] as const) {
      say(`${FAILURES} failures, ${kind}`)
      const times = (
        await Promise.all(origins.map((origin, i) => failAgainAndAgain(asker, witness, origin, `s${i}`, kind)))
      ).flat()
      const bound = FALL * INTERVAL_S + 0.2 + (kind === 'swallowed' ? TIMEOUT_S : 0)
      for (const [part, from, to] of PARTS) {
        const spans = times.map((at) => (at[to] - at[from]) / 1000).sort((a, b) => a - b)
        const p99 = quantile(spans, 0.99)
        const isWhole = from === 'failed' && to === 'answered'
        rows.push([
          `${kind}: ${part}`,
          String(spans.length),
          quantile(spans, 0.5).toFixed(3),
          p99.toFixed(3),
          spans.at(-1)!.toFixed(3),
          isWhole ? bound.toFixed(2) : '',
        ])
        if (isWhole)
          goals.push({ what: `detection to first changed answer, ${kind}, p99`, value: p99, most: bound, unit: ' s' })
      }
    }
    asker.close()
    await witness.close()
    for (const origin of [...origins, steady]) await origin.close()
  } finally {
    for (const child of children) child.kill()
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    title: 'From failure to answer',
    text: `${VANTAGES.length} agents at as many vantages, an http check every ${INTERVAL_S} s with a timeout of ${TIMEOUT_S * 1000} ms, fall ${FALL}, jitter as by default. An
endpoint that all agents have up fails at a random moment; the time ends with the first answer over UDP that leaves it
out. \`refused\`: the connection is; \`swallowed\`: it is taken, and nothing comes.`,
    columns: ['failure and part of the way', 'count', 'p50 s', 'p99 s', 'longest s', 'bound s'],
    rows,
    goals,
  }
}

/** Of the vantages, so many must say down. */
const NEEDED = Math.floor(VANTAGES.length / 2) + 1

const PARTS: readonly (readonly [string, keyof DetectionTimes, keyof DetectionTimes])[] = [
  ['all of it', 'failed', 'answered'],
  [`until agent ${NEEDED} says down`, 'failed', 'said'],
  ['its report, to the server', 'said', 'heard'],
  ['the verdict, in the table', 'heard', 'turned'],
  ['the first changed answer', 'turned', 'answered'],
]

async function failAgainAndAgain(
  asker: Asker,
  witness: DetectionWitness,
  origin: FailingOrigin,
  name: string,
  kind: 'refused' | 'swallowed',
): Promise<DetectionTimes[]> {
  const times: DetectionTimes[] = []
  while (times.length < FAILURES / SERVICES) {
    await asker.until(name, (addresses) => addresses.includes(origin.address))
    // An agent that still says down from last time would be half of the next verdict.
    await witness.allUp(origin.address)
    await pause(Math.random() * INTERVAL_S * 1000)
    const failed = Date.now()
    await origin.fail(kind)
    await asker.until(name, (addresses) => !addresses.includes(origin.address))
    times.push(await witness.timesOf(origin.address, failed, Date.now()))
    await origin.heal()
  }
  return times
}

function writeFiles(folder: string, ports: { redis: number; dns: number; api: number; port: number }): void {
  mkdirSync(folder, { recursive: true })
  const services = Array.from(
    { length: SERVICES },
    (_, i) =>
      `  s${i}: { policy: nearest, checks: [http], ttl: 2s, pools: { fra: [127.40.0.${i + 1}], iad: [127.41.0.1] } }`,
  )
  const names = Array.from({ length: SERVICES }, (_, i) => `s${i}: s${i}`)
  writeFileSync(
    join(folder, 'windrose.yaml'),
    `
listen: ["127.0.0.1:${ports.dns}"]
control: { listen: "127.0.0.1:${ports.api}" }
state_dir: ${join(folder, 'state')}
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
checks:
  http: { type: http, port: ${ports.port}, interval: ${INTERVAL_S}s, timeout: ${TIMEOUT_S * 1000}ms, fall: ${FALL}, rise: 1 }
health:
  store: redis
  url: redis://127.0.0.1:${ports.redis}
  namespace: bench
  vantages: { ${VANTAGES.map((vantage) => `${vantage}: {}`).join(', ')} }
  damping: off
  max_eject: off
services:
${services.join('\n')}
geo: { overrides: [{ prefix: 127.0.0.0/8, sites: [fra, iad] }] }
zones:
  bench.example: { records: zone, steer: { ${names.join(', ')} } }
`,
  )
  writeFileSync(join(folder, 'zone'), '@ 30 SOA ns1 host 1 7200 900 604800 30\n@ 30 NS ns1\nns1 30 A 127.0.0.1\n')
}

/** An HTTP server at one address that can refuse, or swallow what it is asked. */
class FailingOrigin {
  readonly address: string
  readonly #port: number
  #server: Server | undefined
  #swallows = false

  private constructor(address: string, port: number) {
    this.address = address
    this.#port = port
  }

  static async open(address: string, port: number): Promise<FailingOrigin> {
    const origin = new FailingOrigin(address, port)
    await origin.heal()
    return origin
  }

  async fail(kind: 'refused' | 'swallowed'): Promise<void> {
    if (kind === 'swallowed') this.#swallows = true
    else await this.close()
  }

  async heal(): Promise<void> {
    this.#swallows = false
    if (this.#server !== undefined) return
    const server = createServer((_, response) => {
      if (!this.#swallows) response.end('ok\n')
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(this.#port, this.address, resolve))
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
}

/** Asks the name server again and again. */
class Asker {
  readonly #socket: Socket
  readonly #port: number
  readonly #waiting = new Map<number, (addresses: readonly string[]) => void>()
  #id = 0

  constructor(port: number) {
    this.#port = port
    this.#socket = createSocket('udp4')
    this.#socket.on('message', (packet) => {
      const message = parseMessage(packet)
      if ('malformed' in message) return
      this.#waiting.get(message.id)?.(message.answers.map(({ rdata }) => [...rdata].join('.')))
    })
  }

  async until(name: string, isRight: (addresses: readonly string[]) => boolean): Promise<void> {
    const qname = readName(`${name}.bench.example.`)
    if ('problem' in qname) throw new Error(qname.problem)
    this.#id = (this.#id + 1) & 0xffff
    const id = this.#id
    const query = composeMessage(queryMessage({ qname, qtype: Rtype.A, id, client: undefined }))
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => this.#socket.send(query, this.#port, '127.0.0.1'), ASK_MS)
      this.#waiting.set(id, (addresses) => {
        if (!isRight(addresses)) return
        clearInterval(timer)
        this.#waiting.delete(id)
        resolve()
      })
    })
  }

  close(): void {
    this.#socket.close()
  }
}
