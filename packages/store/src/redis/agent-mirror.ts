import type { AgentTable } from '../agent-table.ts'
import type { Lease } from '../lease.ts'
import { readLease } from '../records/lease-record.ts'
import { decodeReports, type ReportRecord } from '../records/report-record.ts'
import { readTableValue } from '../records/table-value.ts'
import type { ReportBook } from '../report-book.ts'
import type { SignedMemory } from '../signed-memory.ts'
import { findSigningProblem, replayProblem, type SignedPart, type Trust } from '../signing.ts'
import type { RedisClient } from './connect-redis.ts'
import { Liveness } from './liveness.ts'
import { readEntries, type StreamEntry } from './read-streams.ts'
import type { RedisKeys } from './redis-keys.ts'

export interface AgentMirrorOptions {
  readonly client: RedisClient
  readonly keys: RedisKeys
  readonly namespace: string
  readonly trust: Trust
  readonly signed: SignedMemory
  readonly book: ReportBook
  readonly refuse: (agent: string, problem: string) => void
}

/**
 * Keeps a book in step with what agents write: their tables, the changes since, their leases. An agent is read whole again
 * when its batches do not follow each other, or its lease tells of one that never came.
 */
export class AgentMirror {
  readonly #options: AgentMirrorOptions
  readonly #liveness = new Liveness()
  /** Where to read each agent's log on. */
  readonly #places = new Map<string, string>()
  /** Agents whose table is to be read again only because it is shorter than the changes that are kept. */
  readonly #long = new Set<string>()
  /** Agents whose table is to be read again; by name, when it was last read. */
  readonly #behind = new Map<string, number>()

  constructor(options: AgentMirrorOptions) {
    this.#options = options
  }

  /** Where to read on, by agent. */
  get places(): ReadonlyMap<string, string> {
    return this.#places
  }

  /** Reads all of these agents. `isBack`: the store was away or emptied, and agents need a moment to come back. */
  async readAll(names: readonly string[], isBack: boolean): Promise<void> {
    if (isBack) this.#liveness.spare(performance.now())
    await this.#readTables(names, true)
    await this.#readLeases(names)
  }

  /** Looks at the leases, and at agents that are new. What that changed. */
  async look(
    names: readonly string[],
  ): Promise<{ readonly keys: readonly number[]; readonly isElectorateNew: boolean }> {
    const strangers = names.filter((name) => !this.#places.has(name))
    const keys = strangers.length > 0 ? await this.#readTables(strangers, false) : []
    return { keys, isElectorateNew: await this.#readLeases(names) }
  }

  /** Takes entries of an agent's log; gives the keys of the targets that they speak of. */
  take(agent: string, entries: readonly StreamEntry[]): readonly number[] {
    const keys: number[] = []
    for (const { id, fields } of entries) {
      this.#places.set(agent, id)
      const table = this.#options.book.agents.get(agent)?.table
      const whole = fields.get('w')
      if (whole !== undefined) {
        // Usually it repeats what is known: the agent makes its log short.
        if (table === undefined || Number(whole.toString()) !== table.sequence) this.#markBehind(agent)
        else if (table.isLong) this.#long.add(agent)
        continue
      }
      const record = this.#readRecord(agent, 'change', fields.get('d'), fields.get('s'))
      if (record === undefined) continue
      if (table === undefined || record.incarnation > table.incarnation) this.#markBehind(agent)
      else if (record.incarnation < table.incarnation) this.#options.refuse(agent, 'reports of an earlier incarnation')
      else if (record.sequence > table.sequence + 1) this.#markBehind(agent)
      else if (record.sequence === table.sequence + 1) {
        this.#options.signed.noteBatch(agent, record)
        keys.push(...table.apply(record))
      }
    }
    return keys
  }

  /** Reads the agents again that are behind, each at most once in a while; gives the keys on which something may be new. */
  async catchUp(): Promise<readonly number[]> {
    const now = performance.now()
    const due = [...this.#behind].filter(([, last]) => now - last >= REREAD_MS).map(([agent]) => agent)
    for (const agent of due) this.#behind.set(agent, now)
    const long = [...this.#long]
    this.#long.clear()
    // Nothing in these is new.
    if (long.length > 0) await this.#readTables(long, true)
    return due.length === 0 ? [] : this.#readTables(due, false)
  }

  /** Gives the keys on which something may be new, unless everything is. */
  async #readTables(agents: readonly string[], isAll: boolean): Promise<number[]> {
    const { client, keys, book } = this.#options
    const touched = new Set<number>()
    for (let from = 0; from < agents.length; from += TABLES_AT_ONCE) {
      const part = agents.slice(from, from + TABLES_AT_ONCE)
      const values = await client.mgetBuffer(part.map((agent) => keys.table(agent)))
      for (const [i, agent] of part.entries()) {
        if (!this.#places.has(agent)) this.#places.set(agent, '0-0')
        const before = isAll ? undefined : book.agents.get(agent)?.table
        const after = await this.#takeTable(agent, values[i] ?? null)
        if (isAll || after === undefined) continue
        for (const table of [before, after]) for (const key of table?.keys() ?? []) touched.add(key)
      }
    }
    return [...touched]
  }

  async #takeTable(agent: string, octets: Uint8Array | null): Promise<AgentTable | undefined> {
    if (octets === null) return undefined
    const { signed, book, refuse } = this.#options
    const value = readTableValue(octets)
    if ('problem' in value) {
      refuse(agent, value.problem)
      return undefined
    }
    const whole = this.#readRecord(agent, 'whole', value.record, value.signature)
    if (whole === undefined) return undefined
    // One that is older than what is known is no replay if the log brings it up to that: it is taken with its log or not.
    const changes = signed.isOld(agent, whole) ? await this.#changesAfter(agent, value.logId, whole) : []
    const last = changes.at(-1)?.record ?? whole
    if (signed.isOld(agent, last)) {
      refuse(agent, replayProblem('whole'))
      return undefined
    }
    const table = book.setTable(agent, whole)
    for (const { record } of changes) table.apply(record)
    signed.noteBatch(agent, last)
    this.#places.set(agent, changes.at(-1)?.id ?? value.logId)
    this.#behind.delete(agent)
    return table
  }

  /** What the log has after a table, as far as it goes on from there without a gap. */
  async #changesAfter(
    agent: string,
    place: string,
    whole: ReportRecord,
  ): Promise<readonly { readonly id: string; readonly record: ReportRecord }[]> {
    const { client, keys } = this.#options
    const changes: { readonly id: string; readonly record: ReportRecord }[] = []
    let { sequence } = whole
    for (const { id, fields } of await readEntries(client, keys.log(agent), place, CHANGES_AT_ONCE)) {
      if (fields.has('w')) continue
      const record = this.#readRecord(agent, 'change', fields.get('d'), fields.get('s'))
      if (record?.incarnation !== whole.incarnation || record.sequence !== sequence + 1) break
      changes.push({ id, record })
      sequence++
    }
    return changes
  }

  /** Sets who is alive; true where that changed something. */
  async #readLeases(names: readonly string[]): Promise<boolean> {
    const { client, keys, book } = this.#options
    const all = [...new Set([...names, ...book.agents.keys()])]
    if (all.length === 0) return false
    const values = await client.mget(all.map((name) => keys.lease(name)))
    const now = performance.now()
    let changed = false
    all.forEach((agent, i) => {
      const lease = this.#liveness.judge(agent, this.#readLease(agent, values[i] ?? null), now)
      if (lease === 'unsure') return
      changed = book.setLease(agent, lease, Date.now()) || changed
      if (lease === undefined) {
        changed = this.#forgetGone(agent) || changed
        return
      }
      const table = book.agents.get(agent)?.table
      // What it published a moment ago may still be on its way here.
      const isBehind = table?.incarnation !== lease.incarnation || table.sequence < lease.sequence
      if (!isBehind) this.#liveness.caughtUp(agent)
      else if (this.#liveness.isLate(agent, lease.sequence, now)) this.#markBehind(agent)
    })
    return changed
  }

  /** An agent that has been gone for so long was taken away on purpose. */
  #forgetGone(agent: string): boolean {
    const { book } = this.#options
    const known = book.agents.get(agent)
    if (known === undefined || known.since === 0 || Date.now() - known.since < FORGET_MS) return false
    book.forget(agent)
    this.#liveness.forget(agent)
    return true
  }

  #readLease(agent: string, value: string | null): ReturnType<typeof readLease> | undefined {
    if (value === null || value === '') return undefined
    const end = value.indexOf('\n')
    const text = value.slice(end + 1)
    const signature = Buffer.from(value.slice(0, Math.max(end, 0)), 'base64')
    const lease = readLease(text)
    const problem =
      'problem' in lease
        ? lease.problem
        : lease.agent !== agent
          ? `a lease of ${lease.agent}`
          : (this.#signingProblem(agent, 'lease', Buffer.from(text), signature) ??
            (this.#options.signed.isOldLease(agent, lease) ? replayProblem('lease') : undefined))
    if (problem !== undefined) {
      this.#options.refuse(agent, problem)
      return undefined
    }
    this.#options.signed.noteLease(agent, lease as Lease)
    return lease
  }

  #readRecord(
    agent: string,
    part: SignedPart['part'],
    octets: Uint8Array | undefined,
    signature: Uint8Array | undefined,
  ): ReportRecord | undefined {
    // Copied: what came over the network in one piece would stay as long as any part of it.
    const record =
      octets === undefined ? { problem: `a ${part} without a record` } : decodeReports(Uint8Array.from(octets))
    const problem =
      'problem' in record
        ? record.problem
        : (this.#signingProblem(agent, part, octets!, signature ?? NO_SIGNATURE) ??
          (this.#options.signed.isEarlier(agent, record) ? replayProblem(part) : undefined))
    if (problem !== undefined) this.#options.refuse(agent, problem)
    return problem === undefined ? (record as ReportRecord) : undefined
  }

  #signingProblem(
    agent: string,
    part: SignedPart['part'],
    octets: Uint8Array,
    signature: Uint8Array,
  ): string | undefined {
    const { trust, namespace } = this.#options
    return findSigningProblem(trust, { namespace, agent, part }, octets, signature)
  }

  #markBehind(agent: string): void {
    if (!this.#behind.has(agent)) this.#behind.set(agent, Number.NEGATIVE_INFINITY)
  }
}

const NO_SIGNATURE = new Uint8Array(0)
/** Between two readings of the table of an agent that does not come right. */
const REREAD_MS = 1000
/** Tables of one command: they may be large, and a command has its time. */
const TABLES_AT_ONCE = 10
/** More than a log has. */
const CHANGES_AT_ONCE = 5000
const FORGET_MS = 3_600_000
