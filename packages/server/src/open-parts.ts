import { join } from 'node:path'
import type { Agent, PushAgent } from '@windrose/agent'
import { warnUnmatched } from '@windrose/health'
import type { Store } from '@windrose/store'
import { aliasNames } from './alias/alias-names.ts'
import { AliasResolver } from './alias/alias-resolver.ts'
import type { Answering, CountedLoad } from './answering.ts'
import { CapacityLoop } from './capacity/capacity-loop.ts'
import { keepPlacement, readPlacement } from './capacity/kept-placement.ts'
import type { Closers } from './closers.ts'
import type { Compiled, ServedConfiguration } from './compile/compiled.ts'
import { TRANSITIONS_KEPT } from './control/transitions-route.ts'
import { CheckPublication, checkSetOf } from './health/check-publication.ts'
import { HealthLoop, RECORD_MARK } from './health/health-loop.ts'
import { openStore } from './health/open-store.ts'
import { Refusals } from './health/refusals.ts'
import { keepSignedAgents, readSignedAgents } from './health/signed-agents.ts'
import { TransitionLog } from './health/transition-log.ts'
import { warnOfUntrustedKey } from './health/untrusted-key.ts'
import { VotelessAgents } from './health/voteless-agents.ts'
import { keepWarm } from './health/warm-keeping.ts'
import { readWarmState, type WarmState } from './health/warm-state.ts'
import { watchEndpoints } from './health/watched-endpoints.ts'
import { PoolHolds } from './holds/pool-holds.ts'
import { printListenAddress } from './listen-error.ts'
import { LoadPublication } from './load/load-publication.ts'
import type { Logger } from './log.ts'
import { watchLoopLag } from './metrics/loop-lag.ts'
import { Readiness } from './readiness.ts'
import { createGeneration, type Generation, Reloader } from './reload.ts'
import { RoundTrips } from './round-trips/round-trips.ts'
import type { RunningParts } from './running-parts.ts'
import type { AssemblyOptions } from './start-options.ts'
import { obtainServerKey } from './state/server-key.ts'
import { obtainServerName } from './state/server-name.ts'
import { WhatIfThread } from './what-if/what-if-thread.ts'

/** What comes when the other parts are there. */
export interface LateParts {
  agent: Agent | undefined
  pushes: PushAgent | undefined
  answering: Answering | undefined
  capacity: CapacityLoop | undefined
  holds: PoolHolds | undefined
  roundTrips: RoundTrips | undefined
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
  const server = obtainServerName(configuration.stateDir)
  const warm = readWarm(join(configuration.stateDir, WARM_FILE), configuration, log)
  const signedFile = join(configuration.stateDir, SIGNED_FILE)
  const signed = readSignedAgents(signedFile, log)
  const { stateDir, health: settings } = configuration
  const key = settings.store.kind === 'redis' ? obtainServerKey(stateDir, server) : undefined
  if (key?.warning !== undefined) log.warn({ component: 'server' }, key.warning)
  const store = openStore(settings, { server, stateDir, warm, signed, key, log })
  closers.add(() => store.close())
  const refusals = new Refusals(log)
  const warmFile = join(configuration.stateDir, WARM_FILE)
  const transitions = new TransitionLog(TRANSITIONS_KEPT)
  const first = createGeneration(compiled, now())
  const health = openHealth({
    store,
    server,
    transitions,
    refusals,
    log,
    first,
    warm,
    onCells: () => late.capacity?.healthChanged(),
    onRecord: (id, record) => {
      if (id === PLACEMENT_RECORD) late.capacity?.follow(record)
      if (id === HOLDS_RECORD) late.holds?.follow(record)
      if (id === ROUND_TRIPS_RECORD) late.roundTrips?.follow(record)
    },
  })
  await health.start()
  closers.add(() => health.stop())
  if (store.kind === 'redis') {
    closers.add(keepWarm(warmFile, health, log))
    closers.add(keepSignedAgents(signedFile, store, signed, log))
  }
  const checks = new CheckPublication(store, server, checkSetOf(configuration))
  closers.add(() => checks.stop())
  const loads = new LoadPublication({ store, server, counts: () => late.answering?.load() ?? NOTHING_COUNTED, log })
  closers.add(() => loads.stop())
  warnOfOverrides(log, health, configuration)
  warnOfUntrustedKey(log, key, configuration)
  const aliases = new AliasResolver({
    servers: configuration.server.resolvers,
    now,
    onChange: (name) => {
      reloader.setAliases(aliases.aliases)
      log.info({ component: 'alias', name }, `${name} has new addresses`)
    },
    onFailure: (name, failure, stands) =>
      log.warn(
        { component: 'alias', name },
        `${name}: ${failure}; ${stands ? 'its last addresses stand' : 'answers are SERVFAIL'}`,
      ),
  })
  closers.add(() => aliases.stop())
  const reloader: Reloader = new Reloader(
    {
      compiler: options.compiler,
      file: options.configFile,
      listen: options.listen,
      health,
      log,
      now,
      publish: (snapshot) => late.answering?.publish(snapshot),
      makeWay: (isBusy) => late.answering?.makeWay(isBusy),
      onSnapshot: ({ compiled: { configuration: next }, snapshot }) => {
        for (const part of [capacity, holds, roundTrips]) part.lay({ configuration: next, snapshot })
        // Sites may have gone, and with them clients to be placed.
        capacity.healthChanged()
      },
      onConfiguration: (changed, zones) => {
        aliases.setNames(aliasNames(changed, zones))
        log.level = changed.log.level
        const set = checkSetOf(changed)
        checks.change(set)
        late.agent?.setTargets(set.targets, set.controlTargets)
        late.pushes?.setTargets(changed.probeTargets)
        warnOfOverrides(log, health, changed)
        warnOfUntrustedKey(log, key, changed)
      },
    },
    first,
  )
  aliases.setNames(aliasNames(configuration, compiled.zones))
  const capacity: CapacityLoop = new CapacityLoop({
    served: () => ({ configuration: reloader.current.compiled.configuration, snapshot: reloader.current.snapshot }),
    loads: store.loads,
    book: store.book,
    isKeeper: () => store.kind === 'memory' || health.isKeeper,
    publish: (record) => health.publishRecord(PLACEMENT_RECORD, record),
    onRefused: (problem) => refusals.note({ agent: '', problem }),
  })
  const served = () => ({
    configuration: reloader.current.compiled.configuration,
    snapshot: reloader.current.snapshot,
  })
  const isKeeper = () => store.kind === 'memory' || health.isKeeper
  const onRefused = (problem: string) => refusals.note({ agent: '', problem })
  const holds: PoolHolds = new PoolHolds({
    served,
    isKeeper,
    now,
    onRefused,
    publish: (record) => health.publishRecord(HOLDS_RECORD, record),
    onChange: (pool, until) => {
      logHold(log, pool, until)
      capacity.healthChanged()
    },
  })
  const roundTrips: RoundTrips = new RoundTrips({
    served,
    isKeeper,
    now,
    onRefused,
    book: store.book,
    publish: (record) => health.publishRecord(ROUND_TRIPS_RECORD, record),
  })
  Object.assign(late, { capacity, holds, roundTrips })
  for (const part of [capacity, holds, roundTrips]) closers.add(() => part.stop())
  // What the store had of the keeper came before these were there.
  const placementFile = join(stateDir, PLACEMENT_FILE)
  const placement = health.records.get(PLACEMENT_RECORD) ?? readPlacement(placementFile, log)
  if (placement !== undefined) capacity.follow(placement)
  for (const [part, id] of [[holds, HOLDS_RECORD] as const, [roundTrips, ROUND_TRIPS_RECORD] as const]) {
    const record = health.records.get(id)
    if (record !== undefined) part.follow(record)
  }
  closers.add(keepPlacement(placementFile, () => capacity.record, log))
  const loopLag = watchLoopLag()
  closers.add(() => loopLag.stop())
  const whatIf = new WhatIfThread()
  closers.add(() => whatIf.stop())
  return {
    startedAt: now(),
    now,
    stateDir: configuration.stateDir,
    readiness: new Readiness(),
    reloader,
    aliases,
    capacity,
    holds,
    roundTrips,
    health,
    transitions,
    store,
    server,
    key,
    refusals,
    log,
    loopLag,
    whatIf,
    controlAddress: () => late.control ?? printListenAddress(configuration.control),
    agent: () => late.agent,
    pushes: () => late.pushes,
    answering: () => late.answering,
  }
}

const NOTHING_COUNTED: CountedLoad = { pools: [], classes: [] }

const WARM_FILE = 'health.json'
const PLACEMENT_FILE = 'capacity.json'
const SIGNED_FILE = 'signed-agents.json'

interface HealthParts {
  readonly store: Store
  readonly server: string
  readonly transitions: TransitionLog
  readonly refusals: Refusals
  readonly log: Logger
  readonly first: Generation
  readonly warm: WarmState | undefined
  readonly onCells: () => void
  readonly onRecord: (id: string, record: Uint8Array) => void
}

/** What capacity has placed, among the keeper's records. */
const PLACEMENT_RECORD = `${RECORD_MARK}placement`
const HOLDS_RECORD = `${RECORD_MARK}holds`
const ROUND_TRIPS_RECORD = `${RECORD_MARK}round-trips`

function logHold(log: Logger, pool: string, until: number | undefined): void {
  if (until === undefined) log.info({ component: 'health', pool }, `${pool} may serve again`)
  else {
    const end = Number.isFinite(until)
      ? `until ${new Date(until).toISOString()}`
      : 'until an operator lets it serve again'
    log.warn({ component: 'health', pool }, `${pool} failed and is held back ${end}`)
  }
}

/** Every transition is one line in the log, and one in the list that the API gives. */
function openHealth(parts: HealthParts): HealthLoop {
  const { store, server, transitions, refusals, log, first, warm, onCells, onRecord } = parts
  const voteless = new VotelessAgents(log)
  const health: HealthLoop = new HealthLoop(
    {
      store,
      server,
      warm,
      now: Date.now,
      onTransition: (transition) => {
        transitions.add(transition)
        const { endpoint, from, to, reason, vantage } = transition
        const where = vantage === undefined ? '' : ` as seen from ${vantage}`
        const fields = {
          component: 'health',
          endpoint,
          from,
          to,
          reason,
          ...(vantage === undefined ? {} : { vantage }),
        }
        log.info(fields, `${endpoint} is ${to}${where}: ${reason}`)
      },
      onOverrideEnd: ({ id }) => log.info({ component: 'health', override: id }, `override ${id} has ended`),
      onAgents: () => voteless.look(store.book.agents.values(), health.watched.rules),
      onLink: ({ up, reason }) => {
        if (up) log.info({ component: 'store' }, 'the store is within reach')
        else log.warn({ component: 'store', reason }, `the store is out of reach, the last verdicts stand: ${reason}`)
      },
      onKeeper: (isKeeper) => {
        // What failed while nobody was the keeper has displaced clients that nobody has placed.
        onCells()
        if (store.kind !== 'redis') return
        log.info({ component: 'health' }, isKeeper ? 'keeps the verdicts' : 'follows the verdicts of another server')
      },
      onRefused: (refusal) => refusals.note(refusal),
      onCells,
      onRecord,
    },
    watchEndpoints(first.compiled.configuration, first.table),
  )
  return health
}

/** What the server knew when it was last well. Only a shared store is waited for; an agent of its own knows sooner. */
function readWarm(file: string, { health }: ServedConfiguration, log: Logger): WarmState | undefined {
  if (health.store.kind === 'memory') return undefined
  const warm = readWarmState(file)
  if (warm === undefined) return undefined
  if ('problem' in warm) {
    log.error({ component: 'health', file }, `${file} cannot be used, starting without it: ${warm.problem}`)
    return undefined
  }
  const ageSeconds = Math.round((Date.now() - warm.writtenAt) / 1000)
  log.info({ component: 'health', file }, `starts with the verdicts of ${ageSeconds} s ago until the store has spoken`)
  return warm
}

function warnOfOverrides(log: Logger, health: HealthLoop, { endpoints }: ServedConfiguration): void {
  const ids = endpoints.map(({ endpoint }) => endpoint.id)
  for (const warning of warnUnmatched(health.overrides, ids)) log.warn({ component: 'health' }, warning)
}
