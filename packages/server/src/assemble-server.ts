import { startAgent, startPushAgent } from '@windrose/agent'
import { floorInFile } from './agent/floor-file.ts'
import type { AnsweringEvent } from './answering.ts'
import { checkListen } from './check-listen.ts'
import { Closers } from './closers.ts'
import type { ServedConfiguration } from './compile/compiled.ts'
import { openControl } from './control/open-control.ts'
import { claimStateDir, compileFirst } from './first-load.ts'
import { checkSetOf } from './health/check-publication.ts'
import { EMBEDDED_AGENT, embeddedVantage } from './health/embedded-agent.ts'
import type { HealthLoop } from './health/health-loop.ts'
import { printListenAddress } from './listen-error.ts'
import type { Logger } from './log.ts'
import { type LateParts, openParts } from './open-parts.ts'
import type { RunningParts } from './running-parts.ts'
import type { RunningServer } from './running-server.ts'
import type { AssemblyOptions } from './start-options.ts'
import { incarnationFile, pushAgentName } from './state/server-key.ts'
import { VERSION } from './version.ts'
import { watchFiles } from './watch-files.ts'

/** Puts a server together, in the order in which its parts depend on each other; what fails undoes what was done. */
export async function assembleServer(options: AssemblyOptions): Promise<RunningServer> {
  const { log } = options
  const closers = new Closers()
  try {
    const compiled = await compileFirst(options)
    const { configuration } = compiled
    const { stateDir, control: listen } = configuration
    const token = claimStateDir(stateDir, log, closers)
    await checkListen(configuration.listen)
    const late: LateParts = {
      agent: undefined,
      pushes: undefined,
      answering: undefined,
      capacity: undefined,
      holds: undefined,
      roundTrips: undefined,
      control: undefined,
    }
    const parts = await openParts(compiled, options, late, closers)
    const { readiness, reloader, health, store } = parts
    readiness.waitFor('verdicts', () => sayVerdicts(health))
    readiness.waitFor('answering', () => 'DNS: queries are not answered yet')
    const control = await openControl(parts, { token, listen })
    late.control = control.address
    closers.add(() => control.close())
    // With a shared store agents are processes of their own, near to where users are.
    if (store.kind === 'memory') {
      const { targets, controlTargets } = checkSetOf(configuration)
      const agent = startAgent({
        name: EMBEDDED_AGENT,
        vantage: embeddedVantage(configuration),
        store,
        targets,
        controlTargets,
        version: VERSION,
        random: Math.random,
        now: parts.now,
      })
      late.agent = agent
      closers.add(() => agent.stop())
    }
    const pushes = startPushAgent({
      name: pushAgentName(parts.server),
      store,
      floor: parts.key === undefined ? undefined : floorInFile(incarnationFile(stateDir)),
      version: VERSION,
      random: Math.random,
      now: parts.now,
    })
    pushes.setTargets(configuration.probeTargets)
    late.pushes = pushes
    closers.add(() => pushes.stop())
    closers.add(
      watchFiles({
        files: () => reloader.current.compiled.geography.databases.map(({ file }) => file),
        intervalMs: DATABASE_LOOK_MS,
        onChange: () => void reloader.refreshGeography(),
      }),
    )
    log.info({ component: 'server', revision: configuration.revision, stateDir }, `windrose ${VERSION} starts`)
    return runServer(parts, { options, configuration, late, closers, control: control.address })
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

interface RunOptions {
  readonly options: AssemblyOptions
  readonly configuration: ServedConfiguration
  readonly late: LateParts
  readonly closers: Closers
  readonly control: string
}

function runServer(parts: RunningParts, { options, configuration, late, closers, control }: RunOptions): RunningServer {
  const { readiness, reloader, aliases, health, log } = parts
  let isStopping = false
  let stopped: Promise<void> | undefined

  async function answer(): Promise<void> {
    await Promise.all([health.firstVerdicts(firstVerdictsMs(configuration)), aliases.settled()])
    if (isStopping) return
    const { snapshot } = reloader.current
    const answering = await options.startAnswering({
      listen: configuration.listen,
      snapshot,
      udpThreads: configuration.server.udpThreads,
      transport: options.transport ?? 'auto',
      tcp: configuration.server.tcp,
      onEvent: (event) => logEvent(log, event),
    })
    late.answering = answering
    closers.add(() => answering.stop())
    // A reload may have been faster than the threads.
    if (reloader.current.snapshot !== snapshot) answering.publish(reloader.current.snapshot)
    readiness.done('verdicts')
    readiness.done('answering')
    const addresses = answering.addresses.map(printListenAddress)
    const { name: transport, reason } = answering.transport
    log.info({ component: 'server', addresses, transport, reason }, `answering on ${addresses.join(', ')}`)
  }

  async function stop(): Promise<void> {
    isStopping = true
    readiness.waitFor('stopping', () => 'stopping')
    health.stop()
    await ready.catch(() => undefined)
    await closers.closeAll()
    log.info({ component: 'server' }, 'stopped')
  }

  const ready = answer()
  // Whoever starts the server may look at it late.
  ready.catch(() => undefined)
  return {
    ready,
    addresses: () => late.answering?.addresses ?? [],
    control,
    stateDir: parts.stateDir,
    reload: (trigger) => reloader.reload(trigger),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** How often the databases are looked at: they change once a day at most. */
const DATABASE_LOOK_MS = 5000

/** The agent spreads its first checks over a second at most; an answer may take as long as its check allows. */
const FIRST_SPREAD_MS = 1250

function firstVerdictsMs({ probeTargets }: ServedConfiguration): number {
  return Math.max(0, ...probeTargets.map(({ check }) => check.timeoutMs + FIRST_SPREAD_MS))
}

function sayVerdicts(health: HealthLoop): string {
  return `first verdicts: ${health.countUnknown()} of ${health.countTargets()} targets are still unknown`
}

function logEvent(log: Logger, { kind, thread, message }: AnsweringEvent): void {
  const level = kind === 'thread-failed' ? 'error' : 'warn'
  log[level]({ component: 'answering', thread, event: kind }, `${thread}: ${message}`)
}
