import type { Override } from '@windrose/health'
import type { CheckSet } from './check-set.ts'
import { FollowerList } from './follower-list.ts'
import type { Lease } from './lease.ts'
import { LoadBook } from './load-book.ts'
import type { OverrideAction } from './override-action.ts'
import { oldestFirst } from './override-file.ts'
import type { OverrideStorage } from './override-storage.ts'
import { digestOfCheckSet } from './records/check-set-record.ts'
import { decodeReports, encodeReports, type ReportRecord } from './records/report-record.ts'
import type { BatchOutcome, ReportBatch } from './report-batch.ts'
import { ReportBook } from './report-book.ts'
import type { ServerLoad } from './server-load.ts'
import type { LastSigned } from './signed-memory.ts'
import type { Follower, Keeper, OverrideOutcome, StateChanges, Store, StoreLink } from './store.ts'

/**
 * A store inside one process: what a server with an embedded agent uses. Reports are gone with the process; overrides
 * live as long as the storage that is handed in. Reports pass through the same octets as in every other store.
 */
export function createMemoryStore(storage?: OverrideStorage): Store {
  return new MemoryStore(storage)
}

class MemoryStore implements Store {
  readonly kind = 'memory'
  readonly book = new ReportBook()
  readonly loads = new LoadBook()
  readonly signed: ReadonlyMap<string, LastSigned> = new Map()
  readonly link: StoreLink = { up: true, since: Date.now(), reason: '' }
  readonly #agents = new Incarnations()
  readonly #leaseEnds = new Map<string, NodeJS.Timeout>()
  readonly #servers = new Incarnations()
  readonly #loadEnds = new Map<string, NodeJS.Timeout>()
  readonly #checks = new Map<string, WantedChecks>()
  readonly #states = new Map<string, Uint8Array>()
  readonly #overrides = new Map<string, Override>()
  readonly #actions: OverrideAction[] = []
  readonly #followers = new FollowerList()
  readonly #storage: OverrideStorage | undefined
  #keeper: { readonly server: string; readonly fence: number; readonly until: number } | undefined
  #fence = 0
  #closed = false

  constructor(storage: OverrideStorage | undefined) {
    this.#storage = storage
    for (const override of storage?.loaded ?? []) this.#overrides.set(override.id, override)
  }

  async enroll(agent: string, floor: number): Promise<number> {
    this.#requireOpen()
    return this.#agents.next(agent, floor)
  }

  async renew(lease: Lease): Promise<BatchOutcome> {
    this.#requireOpen()
    const outcome = this.#agents.judge(lease.agent, lease.incarnation)
    if (outcome !== 'taken') return outcome
    if (this.#sequenceOf(lease) < lease.sequence) return 'unknown'
    clearTimeout(this.#leaseEnds.get(lease.agent))
    this.#leaseEnds.set(lease.agent, setTimeout(() => this.#setLease(lease.agent, undefined), lease.ttlMs).unref())
    this.#setLease(lease.agent, lease)
    return outcome
  }

  async publish(batch: ReportBatch): Promise<BatchOutcome> {
    this.#requireOpen()
    const outcome = this.#agents.judge(batch.agent, batch.incarnation)
    if (outcome !== 'taken') return outcome
    const held = this.book.agents.get(batch.agent)?.table
    const isOurs = held?.incarnation === batch.incarnation
    const last = this.#sequenceOf(batch)
    if (batch.sequence <= last) return batch.sequence === last ? 'taken' : 'unknown'
    const table = isOurs ? held : this.book.setTable(batch.agent, recordOf({ ...batch, reports: [], dropped: [] }))
    const keys = table.apply(recordOf(batch))
    this.#followers.tell((follower) => follower.onReports(keys))
    return outcome
  }

  async publishWhole(batch: ReportBatch): Promise<BatchOutcome> {
    this.#requireOpen()
    const outcome = this.#agents.judge(batch.agent, batch.incarnation)
    if (outcome !== 'taken') return outcome
    const held = this.book.agents.get(batch.agent)?.table
    const last = this.#sequenceOf(batch)
    if (batch.sequence <= last) return batch.sequence === last ? 'taken' : 'unknown'
    const keys = held?.keys() ?? new Set<number>()
    const table = this.book.setTable(batch.agent, recordOf({ ...batch, dropped: [] }))
    for (const key of table.keys()) keys.add(key)
    this.#followers.tell((follower) => follower.onReports([...keys]))
    return outcome
  }

  async leave(agent: string, incarnation: number): Promise<void> {
    this.#requireOpen()
    if (this.#agents.judge(agent, incarnation) !== 'taken') return
    clearTimeout(this.#leaseEnds.get(agent))
    this.#setLease(agent, undefined)
  }

  async checkSets(): Promise<readonly CheckSet[]> {
    this.#requireOpen()
    const now = performance.now()
    const sets = new Map<string, CheckSet>()
    for (const { set, digest, until } of this.#checks.values()) if (until > now) sets.set(digest, set)
    return [...sets.values()]
  }

  async publishChecks(server: string, set: CheckSet, ttlMs: number): Promise<void> {
    this.#requireOpen()
    const held = this.#checks.get(server)
    const digest = held?.set === set ? held.digest : digestOfCheckSet(set)
    this.#checks.set(server, { set, digest, until: performance.now() + ttlMs })
  }

  async withdraw(server: string, aliveMs: number): Promise<void> {
    this.#requireOpen()
    clearTimeout(this.#loadEnds.get(server))
    this.loads.forget(server)
    const own = this.#checks.get(server)?.digest
    const isAlive = (until: number): boolean => until - performance.now() >= aliveMs
    const others = [...this.#checks].filter(([name, { until }]) => name !== server && isAlive(until))
    if (others.some(([, { digest }]) => digest === own)) this.#checks.delete(server)
  }

  async enrollServer(server: string, floor: number): Promise<number> {
    this.#requireOpen()
    return this.#servers.next(server, floor)
  }

  async publishLoad(load: ServerLoad, ttlMs: number): Promise<BatchOutcome> {
    this.#requireOpen()
    const { server, incarnation, sequence } = load
    const outcome = this.#servers.judge(server, incarnation)
    if (outcome !== 'taken') return outcome
    const held = this.loads.servers.get(server)
    if (held?.incarnation === incarnation && held.sequence > sequence) return 'unknown'
    clearTimeout(this.#loadEnds.get(server))
    this.#loadEnds.set(server, setTimeout(() => this.loads.forget(server), ttlMs).unref())
    this.loads.note(load)
    return outcome
  }

  follow(follower: Follower): () => void {
    return this.#followers.add(follower, () =>
      follower.onAll({ overrides: this.#sortedOverrides(), states: new Map(this.#states) }),
    )
  }

  async putOverride(override: Override): Promise<OverrideOutcome> {
    this.#requireOpen()
    this.#overrides.set(override.id, override)
    this.#note('put', override.author, override)
    return this.#overridesChanged()
  }

  async removeOverride(id: string, by = ''): Promise<OverrideOutcome> {
    this.#requireOpen()
    const override = this.#overrides.get(id)
    if (override === undefined) return { changed: false }
    this.#overrides.delete(id)
    this.#note('remove', by, override)
    return this.#overridesChanged()
  }

  async endOverride(override: Override): Promise<OverrideOutcome> {
    this.#requireOpen()
    const held = this.#overrides.get(override.id)
    if (held?.expiresAt !== override.expiresAt || held?.createdAt !== override.createdAt) return { changed: false }
    return this.removeOverride(override.id, 'its end')
  }

  async overrides(): Promise<readonly Override[]> {
    this.#requireOpen()
    return this.#sortedOverrides()
  }

  async audit(most: number): Promise<readonly OverrideAction[]> {
    this.#requireOpen()
    return this.#actions.slice(-most).reverse()
  }

  async keep(server: string, ttlMs: number): Promise<number | undefined> {
    this.#requireOpen()
    const now = performance.now()
    const held = this.#keeper !== undefined && this.#keeper.until > now ? this.#keeper : undefined
    if (held !== undefined && held.server !== server) return undefined
    const fence = held?.fence ?? ++this.#fence
    this.#keeper = { server, fence, until: now + ttlMs }
    return fence
  }

  async putStates(keeper: Keeper, { states, whole }: StateChanges): Promise<boolean> {
    this.#requireOpen()
    const held = this.#keeper
    if (held?.server !== keeper.server || held.fence !== keeper.fence || held.until <= performance.now()) return false
    if (whole) this.#states.clear()
    for (const [target, state] of states) this.#states.set(target, state)
    this.#followers.tell((follower) => follower.onStates(states))
    return true
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const timer of [...this.#leaseEnds.values(), ...this.#loadEnds.values()]) clearTimeout(timer)
    this.#followers.clear()
    await this.#storage?.settled()
  }

  /** Of the last batch of this incarnation. */
  #sequenceOf({ agent, incarnation }: { readonly agent: string; readonly incarnation: number }): number {
    const table = this.book.agents.get(agent)?.table
    return table?.incarnation === incarnation ? table.sequence : 0
  }

  #setLease(agent: string, lease: Lease | undefined): void {
    if (this.book.setLease(agent, lease, Date.now())) this.#followers.tell((follower) => follower.onAgents())
  }

  #note(action: OverrideAction['action'], by: string, override: Override): void {
    this.#actions.push({ at: Date.now(), action, by, override })
    if (this.#actions.length > ACTIONS_KEPT) this.#actions.shift()
  }

  /** The change is in force and told before it is saved: a full disk must not stand between an operator and a drain. */
  async #overridesChanged(): Promise<OverrideOutcome> {
    const overrides = this.#sortedOverrides()
    this.#followers.tell((follower) => follower.onOverrides(overrides))
    const problem = await this.#storage?.save(overrides)
    return problem === undefined ? { changed: true } : { changed: true, warning: problem }
  }

  #sortedOverrides(): readonly Override[] {
    return [...this.#overrides.values()].sort(oldestFirst)
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error('the store is closed')
  }
}

interface WantedChecks {
  readonly set: CheckSet
  readonly digest: string
  /** By `performance.now()`. */
  readonly until: number
}

/** Who may write under a name: the latest that was enrolled. */
class Incarnations {
  readonly #known = new Map<string, number>()

  next(name: string, floor: number): number {
    const incarnation = Math.max(floor, this.#known.get(name) ?? 0) + 1
    this.#known.set(name, incarnation)
    return incarnation
  }

  judge(name: string, incarnation: number): BatchOutcome {
    const known = this.#known.get(name)
    if (known === undefined || known < incarnation) return 'unknown'
    return known === incarnation ? 'taken' : 'fenced'
  }
}

const ACTIONS_KEPT = 1000

function recordOf(batch: ReportBatch): ReportRecord {
  const record = decodeReports(encodeReports(batch))
  if ('problem' in record) throw new Error(`a batch of ${batch.agent} cannot be kept: ${record.problem}`)
  return record
}
