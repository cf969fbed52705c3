import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '@windrose/nameserver'
import type { Verdict } from '@windrose/steering'
import { createMemoryStore, openFileOverrides, type Store } from '@windrose/store'
import { pino } from 'pino'
import { AliasResolver } from './alias/alias-resolver.ts'
import { CapacityLoop } from './capacity/capacity-loop.ts'
import { compileEverything } from './compile/compile-everything.ts'
import { compileGeography } from './compile/compile-geography.ts'
import type { Compiler } from './compile/compiled.ts'
import { HealthLoop } from './health/health-loop.ts'
import { Refusals } from './health/refusals.ts'
import { TransitionLog } from './health/transition-log.ts'
import { watchEndpoints } from './health/watched-endpoints.ts'
import { PoolHolds } from './holds/pool-holds.ts'
import { Readiness } from './readiness.ts'
import { createGeneration, Reloader } from './reload.ts'
import { ReportingAgent } from './reporting-agent.fixture.ts'
import { RoundTrips } from './round-trips/round-trips.ts'
import type { RunningParts } from './running-parts.ts'
import { runWhatIf } from './what-if/run-what-if.ts'
import type { WhatIfResult, WhatIfRunner, WhatIfTask } from './what-if/what-if-task.ts'

/** The parts of a server on real files, without threads and sockets: what was published and logged can be looked at. */
export interface ServerFixture extends RunningParts {
  readonly directory: string
  readonly configFile: string
  readonly published: Snapshot[]
  /** What the threads were told of compiling. */
  readonly madeWay: boolean[]
  readonly lines: Record<string, unknown>[]
  /** Writes windrose.yaml anew; nothing reads it before a reload. */
  writeConfig(text: string): void
  report(address: string, verdict: Verdict): Promise<void>
  close(): Promise<void>
}

/** Answers on the thread of the test. */
const inlineWhatIf: WhatIfRunner = {
  run: async <Task extends WhatIfTask>(task: Task) => (await runWhatIf(task)) as WhatIfResult<Task>,
}

/** Compiles on the thread of the test. */
export const inlineCompiler: Compiler = {
  everything: async (file, listen) => compileEverything(file, listen),
  geography: async (geo) => compileGeography(geo),
}

export const ZONE = `
$TTL 300
@ IN SOA ns1 hostmaster 1 3600 900 604800 30
  IN NS ns1
ns1 IN A 192.0.2.53
static IN TXT "text"
`

/** Two sites and a third one without capacity; `web` is checked, `plain` is not. */
export const CONFIG = `
listen: 127.0.0.1:5300
state_dir: state
sites:
  fra: { at: [50.11, 8.68], country: DE, capacity: 4000 }
  iad: { at: [38.95, -77.45], country: US, capacity: 3000 }
  sin: { at: [1.35, 103.99], country: SG }
checks:
  tcp: { type: tcp, port: 80, interval: 5s, timeout: 2s }
services:
  web:
    policy: [{ failover: [fra, iad] }]
    checks: [tcp]
    pools:
      fra: [192.0.2.1, "2001:db8::1"]
      iad: [192.0.2.2]
  plain:
    policy: [{ failover: [fra, sin] }]
    ttl: 60s
    pools:
      fra: [192.0.2.3]
      sin: [192.0.2.4]
zones:
  gslb.example.com:
    records: gslb.zone
    steer: { "@": web, www: web, plain: plain }
`

export async function openFixture(config: string = CONFIG): Promise<ServerFixture> {
  const directory = mkdtempSync(join(tmpdir(), 'windrose-server-'))
  const configFile = join(directory, 'windrose.yaml')
  writeFileSync(configFile, config)
  writeFileSync(join(directory, 'gslb.zone'), ZONE)
  const compiled = await compileEverything(configFile, undefined)
  if ('refusal' in compiled) throw new Error(`${compiled.refusal}: ${JSON.stringify(compiled.problems)}`)
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const store: Store = createMemoryStore(openFileOverrides(join(directory, 'overrides.json'), 0))
  const transitions = new TransitionLog(100)
  const first = createGeneration(compiled, Date.now())
  const health = new HealthLoop(
    {
      store,
      server: 'one',
      now: Date.now,
      onTransition: (transition) => transitions.add(transition),
      onOverrideEnd: () => undefined,
    },
    watchEndpoints(compiled.configuration, first.table),
  )
  await health.start()
  const published: Snapshot[] = []
  const madeWay: boolean[] = []
  const reloader = new Reloader(
    {
      compiler: inlineCompiler,
      file: configFile,
      listen: undefined,
      health,
      publish: (snapshot) => published.push(snapshot),
      makeWay: (isBusy) => madeWay.push(isBusy),
      onConfiguration: () => undefined,
      log,
      now: Date.now,
    },
    first,
  )
  const idle = {
    served: () => ({ configuration: reloader.current.compiled.configuration, snapshot: reloader.current.snapshot }),
    isKeeper: () => false,
    publish: () => undefined,
    onRefused: () => undefined,
    now: Date.now,
  }
  const agent = new ReportingAgent(store)
  return {
    startedAt: 1_700_000_000_000,
    now: Date.now,
    stateDir: directory,
    readiness: new Readiness(),
    reloader,
    capacity: new CapacityLoop({
      served: () => ({ configuration: reloader.current.compiled.configuration, snapshot: reloader.current.snapshot }),
      book: store.book,
      loads: store.loads,
      isKeeper: () => false,
      publish: () => undefined,
      onRefused: () => undefined,
    }),
    holds: new PoolHolds({ ...idle, onChange: () => undefined }),
    roundTrips: new RoundTrips({ ...idle, book: store.book }),
    aliases: new AliasResolver({ servers: [], onChange: () => undefined, onFailure: () => undefined, now: Date.now }),
    health,
    transitions,
    store,
    server: 'one',
    key: undefined,
    refusals: new Refusals(log),
    log,
    whatIf: inlineWhatIf,
    loopLag: { maxSeconds: () => 0.25, stop: () => undefined },
    controlAddress: () => '127.0.0.1:8053',
    agent: () => undefined,
    pushes: () => undefined,
    answering: () => undefined,
    directory,
    configFile,
    published,
    madeWay,
    lines,
    writeConfig: (text) => writeFileSync(configFile, text),
    report: async (address, verdict) => {
      const { probeTargets } = reloader.current.compiled.configuration
      const target = probeTargets.find((known) => known.address === address)!.id
      await agent.say({ target, verdict, since: 5000, stability: 15, reason: 'as told' })
      await new Promise((resolve) => setImmediate(resolve))
    },
    close: async () => {
      health.stop()
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
