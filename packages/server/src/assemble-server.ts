import { join } from 'node:path'
import { type Agent, startAgent } from '@windrose/agent'
import { warnUnmatched } from '@windrose/health'
import { createMemoryStore, openFileOverrides, type Store } from '@windrose/store'
import type { Answering, AnsweringEvent, AnsweringOptions } from './answering.ts'
import { checkListen } from './check-listen.ts'
import type { Compiler, ServedConfiguration } from './compile/compiled.ts'
import { type OpenControl, openControl } from './control/open-control.ts'
import { TRANSITIONS_KEPT } from './control/transitions-route.ts'
import { HealthLoop } from './health/health-loop.ts'
import { TransitionLog } from './health/transition-log.ts'
import { watchEndpoints } from './health/watched-endpoints.ts'
import { printListenAddress } from './listen-error.ts'
import type { Logger } from './log.ts'
import { watchLoopLag } from './metrics/loop-lag.ts'
import { Readiness } from './readiness.ts'
import { createGeneration, logProblems, Reloader } from './reload.ts'
import { EMBEDDED_AGENT, EMBEDDED_VANTAGE, type RunningParts } from './running-parts.ts'
import type { RunningServer } from './running-server.ts'
import type { StartOptions } from './start-options.ts'
import { ConfigurationRefused, StartRefused } from './start-refused.ts'
import { makeStateDir } from './state/state-dir.ts'
import { lockStateDir } from './state/state-lock.ts'
import { obtainToken } from './state/token.ts'
import { VERSION } from './version.ts'
import { watchFiles } from './watch-files.ts'

/** What a server is put together from besides its options: the parts that have threads of their own. */
export interface AssemblyOptions extends StartOptions {
  readonly compiler: Compiler
  readonly startAnswering: (options: AnsweringOptions) => Promise<Answering>
}

/** Puts a server together, in the order in which its parts depend on each other; what fails undoes what was done. */
export async function assembleServer(options: AssemblyOptions): Promise<RunningServer> {
  const { log, compiler, configFile, listen } = options
  const closers: (() => unknown)[] = []
  try {
    const compiled = await compiler.everything(configFile, listen)
    if ('refusal' in compiled) {
      throw compiled.problems.length > 0
        ? new ConfigurationRefused(compiled.problems)
        : new StartRefused(compiled.refusal)
    }
    const { configuration } = compiled
    log.level = configuration.log.level
    logProblems(log, compiled.warnings)

    const { stateDir } = configuration
    makeStateDir(stateDir)
    closers.push(lockStateDir(stateDir))
    const token = obtainToken(stateDir)
    if (token.warning !== undefined) log.warn({ component: 'server' }, token.warning)
    await checkListen(configuration.listen)

    const store = openStore(stateDir, log)
    closers.push(() => store.close())
    const transitions = new TransitionLog(TRANSITIONS_KEPT)
    const now = Date.now
    const first = createGeneration(compiled, now())
    const health = new HealthLoop(
      {
        store,
        now,
        onTransition: (transition) => {
          transitions.add(transition)
          const { endpoint, from, to, reason } = transition
          log.info({ component: 'health', endpoint, from, to, reason }, `${endpoint} is ${to}: ${reason}`)
        },
        onOverrideEnd: ({ id }) => log.info({ component: 'health', override: id }, `override ${id} has ended`),
      },
      watchEndpoints(configuration, first.table),
    )
    await health.start()
    closers.push(() => health.stop())
    warnOfOverrides(log, health, configuration)

    let agent: Agent | undefined
    let answering: Answering | undefined
    const reloader = new Reloader(
      {
        compiler,
        file: configFile,
        listen,
        health,
        log,
        now,
        publish: (snapshot) => answering?.publish(snapshot),
        onConfiguration: (changed) => {
          log.level = changed.log.level
          agent?.setTargets(changed.probeTargets)
          warnOfOverrides(log, health, changed)
        },
      },
      first,
    )
    let control: OpenControl | undefined
    const readiness = new Readiness()
    readiness.waitFor('verdicts', () => sayVerdicts(health))
    readiness.waitFor('answering', () => 'DNS: queries are not answered yet')
    const loopLag = watchLoopLag()
    closers.push(() => loopLag.stop())
    const parts: RunningParts = {
      startedAt: now(),
      now,
      stateDir,
      readiness,
      reloader,
      health,
      transitions,
      store,
      log,
      loopLag,
      controlAddress: () => control?.address ?? printListenAddress(configuration.control),
      agent: () => agent,
      answering: () => answering,
    }
    const opened = await openControl(parts, { token: token.token, listen: configuration.control })
    control = opened
    closers.push(() => opened.close())
    agent = startAgent({
      name: EMBEDDED_AGENT,
      vantage: EMBEDDED_VANTAGE,
      store,
      targets: configuration.probeTargets,
      random: Math.random,
      now,
    })
    closers.push(() => agent?.stop())
    closers.push(
      watchFiles({
        files: () => reloader.current.compiled.geography.databases.map(({ file }) => file),
        intervalMs: DATABASE_LOOK_MS,
        onChange: () => void reloader.refreshGeography(),
      }),
    )
    log.info({ component: 'server', revision: configuration.revision, stateDir }, `windrose ${VERSION} starts`)

    let stopping = false
    const ready = answer()
    // Whoever starts the server may look at it late.
    ready.catch(() => undefined)

    async function answer(): Promise<void> {
      await health.firstVerdicts(firstVerdictsMs(configuration))
      if (stopping) return
      const { snapshot } = reloader.current
      const started = await options.startAnswering({
        listen: configuration.listen,
        snapshot,
        udpThreads: configuration.server.udpThreads,
        transport: options.transport ?? 'auto',
        tcp: configuration.server.tcp,
        onEvent: (event) => logEvent(log, event),
      })
      answering = started
      closers.push(() => started.stop())
      // A reload may have been faster than the threads.
      if (reloader.current.snapshot !== snapshot) started.publish(reloader.current.snapshot)
      readiness.done('verdicts')
      readiness.done('answering')
      const addresses = started.addresses.map(printListenAddress)
      const { name: transport, reason } = started.transport
      log.info({ component: 'server', addresses, transport, reason }, `answering on ${addresses.join(', ')}`)
    }

    let stopped: Promise<void> | undefined
    async function stopAll(): Promise<void> {
      stopping = true
      readiness.waitFor('stopping', () => 'stopping')
      health.stop()
      await ready.catch(() => undefined)
      await closeAll(closers)
      log.info({ component: 'server' }, 'stopped')
    }

    return {
      ready,
      addresses: () => answering?.addresses ?? [],
      control: opened.address,
      stateDir,
      reload: (trigger) => reloader.reload(trigger),
      stop: () => {
        stopped ??= stopAll()
        return stopped
      },
    }
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

/** How often the databases are looked at: they change once a day at most. */
const DATABASE_LOOK_MS = 5000

/** The agent spreads its first checks over a second at most; an answer may take as long as its check allows. */
const FIRST_SPREAD_MS = 1250

function firstVerdictsMs({ probeTargets }: ServedConfiguration): number {
  return Math.max(0, ...probeTargets.map(({ check }) => check.timeoutMs + FIRST_SPREAD_MS))
}

function openStore(stateDir: string, log: Logger): Store {
  const storage = openFileOverrides(join(stateDir, 'overrides.json'), Date.now())
  for (const problem of storage.problems) log.error({ component: 'store' }, problem)
  return createMemoryStore(storage)
}

function sayVerdicts(health: HealthLoop): string {
  return `first verdicts: ${health.countUnknown()} of ${health.countTargets()} targets are still unknown`
}

function warnOfOverrides(log: Logger, health: HealthLoop, { endpoints }: ServedConfiguration): void {
  const ids = endpoints.map(({ endpoint }) => endpoint.id)
  for (const warning of warnUnmatched(health.overrides, ids)) log.warn({ component: 'health' }, warning)
}

function logEvent(log: Logger, { kind, thread, message }: AnsweringEvent): void {
  const level = kind === 'thread-failed' ? 'error' : 'warn'
  log[level]({ component: 'answering', thread, event: kind }, `${thread}: ${message}`)
}

/** Last opened, first closed; one that fails does not keep the others open. */
async function closeAll(closers: (() => unknown)[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close()
    } catch {
      // It is closed, or it never was open.
    }
  }
}
