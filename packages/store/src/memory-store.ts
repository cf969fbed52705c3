import { isNewerReport, type Override, type Report } from '@windrose/health'
import type { OverrideStorage } from './override-storage.ts'
import type { AgentIncarnation, OverrideOutcome, Store, StoreEvent, StoreListener } from './store.ts'

/**
 * A store inside one process: what a server with an embedded agent uses. Reports are gone with the process; overrides
 * live as long as the storage that is handed in.
 */
export function createMemoryStore(storage?: OverrideStorage): Store {
  return new MemoryStore(storage)
}

class MemoryStore implements Store {
  readonly #agents = new Map<string, HeldAgent>()
  readonly #overrides = new Map<string, Override>()
  readonly #listeners = new Set<StoreListener>()
  readonly #storage: OverrideStorage | undefined
  #closed = false

  constructor(storage: OverrideStorage | undefined) {
    this.#storage = storage
    for (const override of storage?.loaded ?? []) this.#overrides.set(override.id, override)
  }

  async enroll(agent: string): Promise<number> {
    this.#requireOpen()
    const held = this.#agentOf(agent)
    held.incarnation += 1
    return held.incarnation
  }

  async publish(reports: readonly Report[]): Promise<readonly Report[]> {
    this.#requireOpen()
    const taken: Report[] = []
    const refused: Report[] = []
    for (const report of reports) (this.#take(report) ? taken : refused).push(report)
    if (taken.length > 0) this.#tell({ kind: 'reports', reports: taken })
    return refused
  }

  async retain(agent: AgentIncarnation, targets: readonly string[]): Promise<boolean> {
    this.#requireOpen()
    const held = this.#agentOf(agent.agent)
    if (agent.incarnation < held.incarnation) return false
    held.incarnation = agent.incarnation
    const kept = new Set(targets)
    const withdrawn = [...held.reports.values()].filter((report) => !kept.has(report.target))
    for (const report of withdrawn) held.reports.delete(report.target)
    if (withdrawn.length > 0) this.#tell({ kind: 'withdrawn', reports: withdrawn })
    return true
  }

  async reports(): Promise<readonly Report[]> {
    this.#requireOpen()
    return [...this.#agents.values()].flatMap((held) => [...held.reports.values()])
  }

  async putOverride(override: Override): Promise<OverrideOutcome> {
    this.#requireOpen()
    this.#overrides.set(override.id, override)
    return this.#overridesChanged()
  }

  async removeOverride(id: string): Promise<OverrideOutcome> {
    this.#requireOpen()
    return this.#overrides.delete(id) ? this.#overridesChanged() : { changed: false }
  }

  async overrides(): Promise<readonly Override[]> {
    this.#requireOpen()
    return this.#sortedOverrides()
  }

  subscribe(listener: StoreListener): () => void {
    // A wrapper of its own, so that a listener that subscribes twice can leave once.
    const own: StoreListener = (event) => listener(event)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#listeners.clear()
    await this.#storage?.settled()
  }

  #take(report: Report): boolean {
    const held = this.#agentOf(report.agent)
    if (report.incarnation < held.incarnation) return false
    const before = held.reports.get(report.target)
    if (before !== undefined && !isNewerReport(report, before)) return false
    held.incarnation = report.incarnation
    held.reports.set(report.target, report)
    return true
  }

  #agentOf(name: string): HeldAgent {
    let held = this.#agents.get(name)
    if (held === undefined) {
      held = { incarnation: 0, reports: new Map() }
      this.#agents.set(name, held)
    }
    return held
  }

  /** The change is in force and told before it is saved: a full disk must not stand between an operator and a drain. */
  async #overridesChanged(): Promise<OverrideOutcome> {
    const overrides = this.#sortedOverrides()
    this.#tell({ kind: 'overrides', overrides })
    const problem = await this.#storage?.save(overrides)
    return problem === undefined ? { changed: true } : { changed: true, warning: problem }
  }

  #sortedOverrides(): readonly Override[] {
    return [...this.#overrides.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  }

  /** Each listener in a turn of its own: none can break another, or the caller whose change it hears of. */
  #tell(event: StoreEvent): void {
    for (const listener of this.#listeners) {
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener(event)
      })
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error('the store is closed')
  }
}

interface HeldAgent {
  incarnation: number
  readonly reports: Map<string, Report>
}
