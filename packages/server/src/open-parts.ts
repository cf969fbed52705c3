import { join } from 'node:path'
import type { Agent } from '@windrose/agent'
import { warnUnmatched } from '@windrose/health'
import { createMemoryStore, openFileOverrides, type Store } from '@windrose/store'
import type { Answering } from './answering.ts'
import type { Closers } from './closers.ts'
import type { Compiled, ServedConfiguration } from './compile/compiled.ts'
import { TRANSITIONS_KEPT } from './control/transitions-route.ts'
import { HealthLoop } from './health/health-loop.ts'
import { TransitionLog } from './health/transition-log.ts'
import { watchEndpoints } from './health/watched-endpoints.ts'
import { printListenAddress } from './listen-error.ts'
import type { Logger } from './log.ts'
import { watchLoopLag } from './metrics/loop-lag.ts'
import { Readiness } from './readiness.ts'
import { createGeneration, type Generation, Reloader } from './reload.ts'
import type { RunningParts } from './running-parts.ts'
import type { AssemblyOptions } from './start-options.ts'

/** What comes when the other parts are there. */
export interface LateParts {
  agent: Agent | undefined
  answering: Answering | undefined
  /** Where the control API listens. */
  control: string | undefined
}

/** Opens what a server is made of, but for sockets, threads and the agent. */
export async function openParts(
  compiled: Compiled,
  options: AssemblyOptions,
  late: LateParts,
  closers: Closers,
): Promise<RunningParts> {
  const { log } = options
  const { configuration } = compiled
  const now = Date.now
  const store = openStore(configuration.stateDir, log)
  closers.add(() => store.close())
  const transitions = new TransitionLog(TRANSITIONS_KEPT)
  const first = createGeneration(compiled, now())
  const health = openHealth({ store, transitions, log, first })
  await health.start()
  closers.add(() => health.stop())
  warnOfOverrides(log, health, configuration)
  const reloader = new Reloader(
    {
      compiler: options.compiler,
      file: options.configFile,
      listen: options.listen,
      health,
      log,
      now,
      publish: (snapshot) => late.answering?.publish(snapshot),
      makeWay: (isBusy) => late.answering?.makeWay(isBusy),
      onConfiguration: (changed) => {
        log.level = changed.log.level
        late.agent?.setTargets(changed.probeTargets)
        warnOfOverrides(log, health, changed)
      },
    },
    first,
  )
  const loopLag = watchLoopLag()
  closers.add(() => loopLag.stop())
  return {
    startedAt: now(),
    now,
    stateDir: configuration.stateDir,
    readiness: new Readiness(),
    reloader,
    health,
    transitions,
    store,
    log,
    loopLag,
    controlAddress: () => late.control ?? printListenAddress(configuration.control),
    agent: () => late.agent,
    answering: () => late.answering,
  }
}

function openStore(stateDir: string, log: Logger): Store {
  const storage = openFileOverrides(join(stateDir, 'overrides.json'), Date.now())
  for (const problem of storage.problems) log.error({ component: 'store' }, problem)
  return createMemoryStore(storage)
}

interface HealthParts {
  readonly store: Store
  readonly transitions: TransitionLog
  readonly log: Logger
  readonly first: Generation
}

/** Every transition is one line in the log, and one in the list that the API gives. */
function openHealth({ store, transitions, log, first }: HealthParts): HealthLoop {
  return new HealthLoop(
    {
      store,
      now: Date.now,
      onTransition: (transition) => {
        transitions.add(transition)
        const { endpoint, from, to, reason } = transition
        log.info({ component: 'health', endpoint, from, to, reason }, `${endpoint} is ${to}: ${reason}`)
      },
      onOverrideEnd: ({ id }) => log.info({ component: 'health', override: id }, `override ${id} has ended`),
    },
    watchEndpoints(first.compiled.configuration, first.table),
  )
}

function warnOfOverrides(log: Logger, health: HealthLoop, { endpoints }: ServedConfiguration): void {
  const ids = endpoints.map(({ endpoint }) => endpoint.id)
  for (const warning of warnUnmatched(health.overrides, ids)) log.warn({ component: 'health' }, warning)
}
