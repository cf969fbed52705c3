import type { AgentPresence, Report } from '@windrose/health'
import {
  type Follower,
  type Keeper,
  type ReportBook,
  type StateChanges,
  type StoreLink,
  targetKey,
} from '@windrose/store'
import type { HealthStore } from './health-loop.ts'

/**
 * A store that several servers share, as each of them has it: every server has a mirror of its own, which learns of agents,
 * reports and states after a while, in the order of each log and in any order between logs, and that can be cut off. Time
 * is that of the timers.
 */
export class MirroredStore {
  readonly agents = new Map<string, AgentPresence>()
  readonly reports = new Map<string, Report>()
  readonly #states = new Map<string, Uint8Array>()
  readonly #links = new Set<ServerLink>()
  readonly #delayMs: () => number
  #keeper: (Keeper & { readonly until: number }) | undefined
  #fence = 0

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs
  }

  /** What a server sees of it from now on. */
  connect(): ServerLink {
    const link = new ServerLink(this, this.#delayMs)
    this.#links.add(link)
    return link
  }

  disconnect(link: ServerLink): void {
    link.cut()
    this.#links.delete(link)
  }

  say(report: Report): void {
    this.reports.set(`${report.agent} ${report.target}`, report)
    for (const link of this.#links) link.later(report.agent, () => link.takeReport(report))
  }

  setAgent(presence: AgentPresence): void {
    this.agents.set(presence.agent, presence)
    for (const link of this.#links) link.later('leases', () => link.takeAgent(presence))
  }

  get states(): ReadonlyMap<string, Uint8Array> {
    return this.#states
  }

  keep(server: string, ttlMs: number): number | undefined {
    const held = this.#keeper !== undefined && this.#keeper.until > Date.now() ? this.#keeper : undefined
    if (held !== undefined && held.server !== server) return undefined
    const fence = held?.fence ?? ++this.#fence
    this.#keeper = { server, fence, until: Date.now() + ttlMs }
    return fence
  }

  putStates({ server, fence }: Keeper, { states, whole }: StateChanges): boolean {
    if (this.#keeper?.server !== server || this.#keeper.fence !== fence || this.#keeper.until <= Date.now())
      return false
    if (whole) this.#states.clear()
    for (const [target, octets] of states) this.#states.set(target, octets)
    for (const link of this.#links) link.later('states', () => link.takeStates(states))
    return true
  }
}

/** One server's side of it. What health asks of a store is there, and nothing else. */
export class ServerLink implements HealthStore {
  readonly book: ReportBook
  link: StoreLink = { up: true, since: 0, reason: '' }
  readonly #store: MirroredStore
  readonly #delayMs: () => number
  #agents = new Map<string, AgentPresence>()
  #reports = new Map<string, Report>()
  #follower: Follower | undefined
  /** When what comes from a log arrives: never before what it said earlier. */
  #arrivals = new Map<string, number>()
  readonly #arriving = new Map<number, (() => void)[]>()
  #stalledUntil = 0
  /** Moves when the link is cut: what was on its way then does not arrive. */
  #epoch = 0

  constructor(store: MirroredStore, delayMs: () => number) {
    this.#store = store
    this.#delayMs = delayMs
    const heard = {
      agents: () => this.#agents,
      reports: (target: string) => [...this.#reports.values()].filter((report) => report.target === target),
    }
    this.book = {
      get agents() {
        return heard.agents()
      },
      reports: heard.reports,
    } as unknown as ReportBook
  }

  follow(follower: Follower): () => void {
    this.#follower = follower
    this.join()
    return () => {
      this.#follower = undefined
    }
  }

  cut(): void {
    this.#epoch++
    this.link = { up: false, since: Date.now(), reason: 'cut off' }
    this.#follower?.onLink(this.link)
  }

  /** Reads everything, after a while. */
  join(): void {
    this.#epoch++
    this.#arrivals = new Map()
    this.later('all', () => {
      this.#agents = new Map(this.#store.agents)
      this.#reports = new Map(this.#store.reports)
      this.#follower?.onAll({ overrides: [], states: new Map(this.#store.states) })
      this.link = { up: true, since: Date.now(), reason: '' }
      this.#follower?.onLink(this.link)
    })
  }

  /** Nothing arrives for so long; then what has come meanwhile does, in one turn. */
  stall(ms: number): void {
    this.#stalledUntil = Date.now() + ms
  }

  later(log: string, arrive: () => void): void {
    if (!this.link.up && log !== 'all') return
    const soonest = Math.max(this.#stalledUntil, this.#arrivals.get(log) ?? 0, this.#arrivals.get('all') ?? 0)
    const at = Math.max(Date.now() + this.#delayMs(), soonest)
    this.#arrivals.set(log, at)
    const epoch = this.#epoch
    const together = this.#arriving.get(at) ?? []
    this.#arriving.set(at, together)
    together.push(() => {
      if (epoch === this.#epoch) arrive()
    })
    if (together.length > 1) return
    setTimeout(() => {
      this.#arriving.delete(at)
      for (const each of together) each()
    }, at - Date.now())
  }

  takeReport(report: Report): void {
    this.#reports.set(`${report.agent} ${report.target}`, report)
    this.#follower?.onReports([targetKey(report.target)])
  }

  takeAgent(presence: AgentPresence): void {
    this.#agents.set(presence.agent, presence)
    this.#follower?.onAgents()
  }

  takeStates(states: ReadonlyMap<string, Uint8Array>): void {
    this.#follower?.onStates(states)
  }

  async keep(server: string, ttlMs: number): Promise<number | undefined> {
    this.#requireUp()
    return this.#store.keep(server, ttlMs)
  }

  async putStates(keeper: Keeper, changes: StateChanges): Promise<boolean> {
    this.#requireUp()
    return this.#store.putStates(keeper, changes)
  }

  async endOverride(): Promise<{ changed: boolean }> {
    return { changed: false }
  }

  #requireUp(): void {
    if (!this.link.up) throw new Error('cut off')
  }
}
