import type { Problem } from '@windrose/dns'
import type { Snapshot } from '@windrose/nameserver'
import type { ZoneImage } from '@windrose/zone'
import { buildSnapshot, createTable, type Table } from './build-snapshot.ts'
import type { Compiled, CompileRefusal, Compiler, ServedConfiguration } from './compile/compiled.ts'
import { embeddedVantage } from './health/embedded-agent.ts'
import type { HealthLoop } from './health/health-loop.ts'
import { watchEndpoints } from './health/watched-endpoints.ts'
import type { Logger } from './log.ts'
import { packetRoom } from './transport/arena.ts'

/** What is served from one load of the configuration to the next. */
export interface Generation {
  readonly compiled: Compiled
  readonly table: Table
  readonly snapshot: Snapshot
  /** Epoch milliseconds. */
  readonly loadedAt: number
}

/** The table is filled by whoever watches the endpoints. */
export function createGeneration(compiled: Compiled, loadedAt: number, aliases?: Snapshot['aliases']): Generation {
  const table = createTable(compiled.configuration)
  return { compiled, table, snapshot: buildSnapshot(compiled, table, aliases), loadedAt }
}

/**
 * Replaces what is served, all of it or nothing.
 *
 * Everything new is compiled and proved in another thread, its table is filled with the verdicts that still hold, and
 * only then every answering thread is handed the new snapshot. Whatever goes wrong before that leaves the old one in
 * force, and is told. One replacement at a time: those asked for meanwhile wait for their turn.
 */
export class Reloader {
  readonly #options: ReloaderOptions
  /** What the process was started with: some of it only a restart can change. */
  readonly #started: ServedConfiguration
  readonly #counts = { config: { success: 0, failure: 0 }, geo: { success: 0, failure: 0 } }
  #current: Generation
  #lastFailure: ReloadFailure | undefined
  #lastGeoFailure: ReloadFailure | undefined
  #aliases: Snapshot['aliases'] = new Map()
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ReloaderOptions, first: Generation) {
    this.#options = options
    this.#started = first.compiled.configuration
    this.#current = first
  }

  get current(): Generation {
    return this.#current
  }

  /** There while the last reload of the configuration failed. */
  get lastFailure(): ReloadFailure | undefined {
    return this.#lastFailure
  }

  /** There while the databases could not be taken as they now are. */
  get lastGeoFailure(): ReloadFailure | undefined {
    return this.#lastGeoFailure
  }

  get counts(): ReloadCounts {
    return this.#counts
  }

  /** Keys of the configuration whose new values wait for a restart. */
  get restartNeeded(): readonly string[] {
    return changedAtStart(this.#started, this.#current.compiled.configuration)
  }

  /** Reads the configuration and all that it names again. */
  reload(trigger: ReloadTrigger): Promise<ReloadOutcome> {
    return this.#inTurn(async () => {
      const { compiler, file, listen, log } = this.#options
      const compiled = await this.#compile(() => compiler.everything(file, listen))
      if ('refusal' in compiled) return this.#refuse(compiled, trigger)
      const before = this.#current.compiled.configuration.revision
      this.#serve(createGeneration(compiled, this.#options.now(), this.#aliases))
      this.#lastFailure = undefined
      this.#lastGeoFailure = undefined
      this.#counts.config.success++
      const { revision } = compiled.configuration
      const { restartNeeded } = this
      log.info({ component: 'config', trigger, revision, before }, `reloaded: revision ${revision} is served`)
      logProblems(log, compiled.warnings)
      if (restartNeeded.length > 0) {
        log.warn({ component: 'config', keys: restartNeeded }, `needs a restart to change: ${restartNeeded.join(', ')}`)
      }
      return { reloaded: true, changed: revision !== before, warnings: compiled.warnings }
    })
  }

  /** Compiles the client maps again from the databases as they now are; nothing else is read. */
  refreshGeography(): Promise<boolean> {
    return this.#inTurn(async () => {
      const { compiler, log, publish, now } = this.#options
      const { geo } = this.#current.compiled.configuration
      const geography = await this.#compile(() => compiler.geography(geo))
      if ('refusal' in geography) {
        this.#counts.geo.failure++
        this.#lastGeoFailure = { at: now(), message: geography.refusal, problems: [] }
        log.error({ component: 'geo' }, `${geography.refusal}; the client maps stay as they are`)
        return false
      }
      const { table, loadedAt } = this.#current
      const compiled = { ...this.#current.compiled, geography }
      this.#current = { compiled, table, loadedAt, snapshot: buildSnapshot(compiled, table, this.#aliases) }
      this.#options.onSnapshot?.(this.#current)
      publish(this.#current.snapshot)
      this.#counts.geo.success++
      this.#lastGeoFailure = undefined
      const files = geography.databases.map(({ file }) => file)
      log.info({ component: 'geo', files }, 'client maps are made from the new databases')
      return true
    })
  }

  /** Hands the addresses of aliases to the threads that answer. */
  setAliases(aliases: Snapshot['aliases']): void {
    this.#aliases = aliases
    this.#current = { ...this.#current, snapshot: { ...this.#current.snapshot, aliases } }
    this.#options.publish(this.#current.snapshot)
  }

  /** Compiling takes a core for seconds; on a machine of few cores the threads that answer make way for it. */
  async #compile<Result>(run: () => Promise<Result>): Promise<Result> {
    this.#options.makeWay(true)
    try {
      return await run()
    } finally {
      this.#options.makeWay(false)
    }
  }

  #serve(generation: Generation): void {
    const { health, publish, onConfiguration } = this.#options
    const { configuration } = generation.compiled
    health.adopt(watchEndpoints(configuration, generation.table))
    this.#current = generation
    this.#options.onSnapshot?.(generation)
    publish(generation.snapshot)
    onConfiguration(configuration, generation.compiled.zones)
  }

  #refuse({ refusal, problems }: CompileRefusal, trigger: ReloadTrigger): ReloadOutcome {
    const { log, now } = this.#options
    const { revision } = this.#current.compiled.configuration
    const failure = { at: now(), message: refusal, problems }
    this.#lastFailure = failure
    this.#counts.config.failure++
    log.error(
      { component: 'config', trigger, revision },
      `not reloaded: ${refusal}; revision ${revision} goes on serving`,
    )
    logProblems(log, problems)
    return { reloaded: false, failure }
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

export interface ReloaderOptions {
  readonly compiler: Compiler
  readonly file: string
  /** From the command line: replaces what the file says. */
  readonly listen: readonly string[] | undefined
  readonly health: Pick<HealthLoop, 'adopt'>
  /** Hands a snapshot to the threads that answer. */
  readonly publish: (snapshot: Snapshot) => void
  /** Completes a snapshot before it is published. */
  readonly onSnapshot?: (generation: Generation) => void
  /** Tells them that compiling begins (true) or is over. */
  readonly makeWay: (isBusy: boolean) => void
  /** Hears of every configuration that has come into force. */
  readonly onConfiguration: (configuration: ServedConfiguration, zones: ZoneImage) => void
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

export type ReloadTrigger = 'SIGHUP' | 'api'

export interface ReloadFailure {
  /** Epoch milliseconds. */
  readonly at: number
  readonly message: string
  readonly problems: readonly Problem[]
}

export type ReloadOutcome =
  | { readonly reloaded: true; readonly changed: boolean; readonly warnings: readonly Problem[] }
  | { readonly reloaded: false; readonly failure: ReloadFailure }

export interface ReloadCounts {
  readonly config: { readonly success: number; readonly failure: number }
  readonly geo: { readonly success: number; readonly failure: number }
}

/** One line for each problem, with its place. */
export function logProblems(log: Logger, problems: readonly Problem[]): void {
  for (const { severity, place, message, hint } of problems) {
    const { file, line, column } = place
    const text = `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`
    log[severity === 'error' ? 'error' : 'warn']({ component: 'config', file, line, column }, text)
  }
}

/** What sockets, threads and files of the process were made from. */
function changedAtStart(started: ServedConfiguration, now: ServedConfiguration): string[] {
  const differs = (pick: (configuration: ServedConfiguration) => unknown): boolean =>
    JSON.stringify(pick(started)) !== JSON.stringify(pick(now))
  return [
    ...(differs(({ listen }) => listen) ? ['listen'] : []),
    ...(differs(({ control }) => control) ? ['control.listen'] : []),
    ...(differs(({ server }) => server.udpThreads) ? ['server.udp_threads'] : []),
    ...(differs(({ server }) => server.tcp) ? ['server.tcp'] : []),
    // Packets have the room that was given them at the start.
    ...(roomFor(now) > roomFor(started) ? ['server.edns_payload'] : []),
    ...(differs(({ server }) => server.resolvers) ? ['server.resolvers'] : []),
    ...(differs(({ stateDir }) => stateDir) ? ['state_dir'] : []),
    ...(differs(({ health }) => health.store) ? ['health.store'] : []),
    // The embedded agent speaks for one vantage as long as it runs.
    ...(now.health.store.kind === 'memory' && embeddedVantage(started) !== embeddedVantage(now)
      ? ['health.vantages']
      : []),
    ...(differs(({ health }) => health.requireSigned) ? ['health.require_signed'] : []),
    ...(differs(({ health }) => [...health.trustedKeys].map(([agent, key]) => [agent, ...key]))
      ? ['health.trusted_keys']
      : []),
  ]
}

function roomFor({ server }: ServedConfiguration): number {
  return packetRoom(server.settings.udpPayload)
}
