import { randomUUID } from 'node:crypto'
import type { Override } from '@windrose/health'
import type { AgentTable } from '../agent-table.ts'
import { isName, readLease } from '../records/lease-record.ts'
import { decodeReports, type ReportRecord } from '../records/report-record.ts'
import { decodeStates } from '../records/state-record.ts'
import { readTableValue, type TableValue } from '../records/table-value.ts'
import type { ReportBook } from '../report-book.ts'
import { findSigningProblem, type SignedPart, type Trust } from '../signing.ts'
import type { Follower, StoreLink } from '../store.ts'
import { BLOCK_MS, connectRedis, type RedisClient } from './connect-redis.ts'
import { Liveness } from './liveness.ts'
import { readOverrides } from './read-overrides.ts'
import { readStreams, type StreamEntry } from './read-streams.ts'
import type { RedisAccess } from './redis-access.ts'
import type { RedisKeys } from './redis-keys.ts'
import { AUDIT_ENTRIES, BIRTH, RESTORE_OVERRIDE, runScript } from './redis-scripts.ts'
import { whenReady } from './when-ready.ts'

export interface RedisFollowerOptions {
  readonly access: RedisAccess
  readonly name: string
  readonly trust: Trust
  readonly keys: RedisKeys
  /** For everything but reads that wait. */
  readonly client: RedisClient
  readonly book: ReportBook
  readonly follower: Follower
}

/**
 * Keeps a book in step with Redis: all of it first, then the streams, pushed by a read that waits, and the leases, looked
 * at twice a second.
 *
 * Whatever may have been missed is read whole again: everything when a connection was lost (the Redis behind it may be
 * another, or empty), one agent when its batches do not follow each other or its lease tells of one that never came.
 * While Redis is away the book stays as it is.
 */
export class RedisFollower {
  readonly #options: RedisFollowerOptions
  readonly #liveness = new Liveness()
  /** Where to read each agent's log on. */
  readonly #places = new Map<string, string>()
  /** Agents whose table is to be read again; by name, when it was last read. */
  readonly #behind = new Map<string, number>()
  /** Highest incarnation and sequence whose signature was right: what is older is a replay. */
  readonly #signed = new Map<string, { readonly incarnation: number; readonly sequence: number }>()
  /** Of the Redis that was read last, and the overrides that it had. */
  #birth: string | undefined
  #overrides: readonly Override[] = []
  #auditPlace = '0-0'
  #statesPlace = '0-0'
  #statesSequence = 0
  #statesFence = 0
  #reader: RedisClient | undefined
  #link: StoreLink = { up: false, since: Date.now(), reason: 'not connected yet' }
  #lastError = ''
  #wasUp = false
  /** Moves when a connection ends: what was begun before it cannot be gone on with. */
  #epoch = 0
  #stopped = false
  #wake: () => void = () => undefined

  constructor(options: RedisFollowerOptions) {
    this.#options = options
  }

  get link(): StoreLink {
    return this.#link
  }

  start(): void {
    const { access, name, client } = this.#options
    const reader = connectRedis(access, `${name} reader`)
    this.#reader = reader
    for (const one of [reader, client]) {
      one.on('error', (error: Error) => {
        this.#lastError = error.message
      })
      one.on('close', () => {
        this.#epoch++
      })
      one.on('ready', () => this.#wake())
    }
    void this.#run(reader)
  }

  stop(): void {
    this.#stopped = true
    this.#epoch++
    this.#wake()
    this.#reader?.disconnect()
  }

  async #run(reader: RedisClient): Promise<void> {
    let failures = 0
    while (!this.#stopped) {
      const epoch = this.#epoch
      try {
        const why = () => this.#lastError
        await Promise.all([whenReady(this.#options.client, READY_MS, why), whenReady(reader, READY_MS, why)])
        await this.#readAll()
        if (epoch !== this.#epoch) continue
        failures = 0
        this.#wasUp = true
        this.#setLink(true, '')
        await Promise.all([this.#followStreams(reader, epoch), this.#followLeases(epoch)])
      } catch (error) {
        // Both loops look at it: neither goes on without the other.
        this.#epoch++
        if (this.#stopped) return
        this.#setLink(false, this.#reasonOf(error as Error))
        await this.#pause(Math.min(RETRY_MS * 2 ** failures++, RETRY_MAX_MS))
      }
    }
  }

  /** Everything anew. Positions in the logs are taken before what they go with is read: twice is harmless, never is not. */
  async #readAll(): Promise<void> {
    const { client, keys, book, follower } = this.#options
    const [auditEnd] = await client.xrevrange(keys.audit, '+', '-', 'COUNT', 1)
    this.#auditPlace = auditEnd?.[0] ?? '0-0'
    await this.#restoreOverrides()
    const overrides = await this.#readOverrides()
    const states = await this.#readStates()
    const names = await this.#agentNames()
    for (const known of book.agents.keys()) {
      if (names.includes(known)) continue
      book.forget(known)
      this.#places.delete(known)
    }
    await this.#readTables(names, true)
    await this.#readLeases(names, true)
    if (!this.#stopped) follower.onAll({ overrides, states })
  }

  async #followStreams(reader: RedisClient, epoch: number): Promise<void> {
    const { keys } = this.#options
    while (epoch === this.#epoch) {
      const places = new Map([
        [keys.audit, this.#auditPlace],
        [keys.statesLog, this.#statesPlace],
        ...[...this.#places].map(([agent, place]) => [keys.log(agent), place] as const),
      ])
      const agents = new Map([...this.#places.keys()].map((agent) => [keys.log(agent), agent]))
      const news = await readStreams(reader, places, BLOCK_MS)
      if (epoch !== this.#epoch) return
      for (const [key, entries] of news) {
        if (key === keys.audit) await this.#takeActions(entries)
        else if (key === keys.statesLog) await this.#takeStates(entries)
        else this.#takeChanges(agents.get(key)!, entries)
      }
      await this.#catchUp()
    }
  }

  async #followLeases(epoch: number): Promise<void> {
    while (epoch === this.#epoch) {
      await this.#pause(LEASES_MS)
      if (epoch !== this.#epoch) return
      const names = await this.#agentNames()
      const strangers = names.filter((name) => !this.#places.has(name))
      if (strangers.length > 0) this.#tellReports(await this.#readTables(strangers))
      if (await this.#readLeases(names, false)) this.#options.follower.onAgents()
    }
  }

  /** Sets who is alive; true where that changed something. */
  async #readLeases(names: readonly string[], isFirst: boolean): Promise<boolean> {
    const { client, keys, book } = this.#options
    if (isFirst && this.#wasUp) this.#liveness.spare(performance.now())
    if (names.length === 0) return false
    const values = await client.mget(names.map((name) => keys.lease(name)))
    const now = performance.now()
    let changed = false
    names.forEach((agent, i) => {
      const lease = this.#liveness.judge(agent, this.#readLease(agent, values[i] ?? null), now)
      if (lease === 'unsure') return
      changed = book.setLease(agent, lease, Date.now()) || changed
      if (lease === undefined) return
      const table = book.agents.get(agent)?.table
      // What it published a moment ago may still be on its way here.
      const isBehind = table?.incarnation !== lease.incarnation || table.sequence < lease.sequence
      if (!isBehind) this.#liveness.caughtUp(agent)
      else if (this.#liveness.isLate(agent, lease.sequence, now)) this.#markBehind(agent)
    })
    return changed
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
            this.#replayProblem(agent, lease.incarnation, 0, 'lease'))
    if (problem !== undefined) this.#refuse(agent, problem)
    return problem === undefined ? lease : undefined
  }

  #takeChanges(agent: string, entries: readonly StreamEntry[]): void {
    const keys: number[] = []
    for (const { id, fields } of entries) {
      this.#places.set(agent, id)
      const table = this.#options.book.agents.get(agent)?.table
      const whole = fields.get('w')
      if (whole !== undefined) {
        // Usually it repeats what is known: the agent makes its log short.
        if (table === undefined || Number(whole.toString()) !== table.sequence) this.#markBehind(agent)
        continue
      }
      const record = this.#readRecord(agent, 'change', fields.get('d'), fields.get('s'))
      if (record === undefined) continue
      if (table === undefined || record.incarnation > table.incarnation) this.#markBehind(agent)
      else if (record.incarnation < table.incarnation) this.#refuse(agent, 'reports of an earlier incarnation')
      else if (record.sequence > table.sequence + 1) this.#markBehind(agent)
      else if (record.sequence === table.sequence + 1) {
        this.#noteSigned(agent, record)
        keys.push(...table.apply(record))
      }
    }
    this.#tellReports(keys)
  }

  /** Reads the tables of agents whose batches did not follow each other, each at most once in a while. */
  async #catchUp(): Promise<void> {
    const now = performance.now()
    const due = [...this.#behind].filter(([, last]) => now - last >= REREAD_MS).map(([agent]) => agent)
    if (due.length === 0) return
    const touched = await this.#readTables(due)
    for (const agent of due) this.#behind.set(agent, now)
    this.#tellReports(touched)
  }

  /** Gives the keys on which something may be new, unless everything is. */
  async #readTables(agents: readonly string[], isAll = false): Promise<number[]> {
    const { client, keys, book } = this.#options
    const touched = new Set<number>()
    for (let from = 0; from < agents.length; from += TABLES_AT_ONCE) {
      const part = agents.slice(from, from + TABLES_AT_ONCE)
      const values = await client.mgetBuffer(part.map((agent) => keys.table(agent)))
      part.forEach((agent, i) => {
        if (!this.#places.has(agent)) this.#places.set(agent, '0-0')
        const before = isAll ? undefined : book.agents.get(agent)?.table
        const after = this.#takeTable(agent, values[i] ?? null)
        if (isAll || after === undefined) return
        for (const table of [before, after]) for (const key of table?.keys() ?? []) touched.add(key)
      })
    }
    return [...touched]
  }

  #takeTable(agent: string, octets: Uint8Array | null): AgentTable | undefined {
    if (octets === null) return undefined
    const value = readTableValue(octets)
    if ('problem' in value) {
      this.#refuse(agent, value.problem)
      return undefined
    }
    const record = this.#readRecord(agent, 'whole', value.record, value.signature)
    if (record === undefined) return undefined
    this.#noteSigned(agent, record)
    this.#places.set(agent, value.logId)
    this.#behind.delete(agent)
    return this.#options.book.setTable(agent, record)
  }

  #readRecord(
    agent: string,
    part: SignedPart['part'],
    octets: Uint8Array | undefined,
    signature: Uint8Array | undefined,
  ): ReportRecord | undefined {
    const record = octets === undefined ? { problem: `a ${part} without a record` } : decodeReports(octets)
    const problem =
      'problem' in record
        ? record.problem
        : (this.#signingProblem(agent, part, octets!, signature ?? NO_SIGNATURE) ??
          this.#replayProblem(agent, record.incarnation, record.sequence, part))
    if (problem !== undefined) this.#refuse(agent, problem)
    return problem === undefined ? (record as ReportRecord) : undefined
  }

  #signingProblem(
    agent: string,
    part: SignedPart['part'],
    octets: Uint8Array,
    signature: Uint8Array,
  ): string | undefined {
    const { trust, access } = this.#options
    return findSigningProblem(trust, { namespace: access.namespace, agent, part }, octets, signature)
  }

  /** An agent that signs never goes back; one that does not is fenced by the store alone, which may have been emptied. */
  #replayProblem(agent: string, incarnation: number, sequence: number, part: SignedPart['part']): string | undefined {
    const highest = this.#signed.get(agent)
    if (highest === undefined) return undefined
    const isOld = incarnation < highest.incarnation
    const isOldTable = part === 'whole' && incarnation === highest.incarnation && sequence < highest.sequence
    return isOld || isOldTable ? `a ${part} that is older than what is known` : undefined
  }

  #noteSigned(agent: string, { incarnation, sequence }: ReportRecord): void {
    if (this.#options.trust.keys.has(agent)) this.#signed.set(agent, { incarnation, sequence })
  }

  async #takeActions(entries: readonly StreamEntry[]): Promise<void> {
    this.#auditPlace = entries.at(-1)!.id
    const overrides = await this.#readOverrides()
    if (!this.#stopped) this.#options.follower.onOverrides(overrides)
  }

  /** What operators forced is not to end because Redis lost its memory: who still knows it puts it back. */
  async #restoreOverrides(): Promise<void> {
    const { client, keys, name } = this.#options
    const birth = (await runScript(client, BIRTH, [keys.birth], [randomUUID()])) as string
    const before = this.#birth
    this.#birth = birth
    if (before === undefined || before === birth) return
    for (const override of this.#overrides) {
      const args = [override.id, JSON.stringify(override), `${name}, which still knew it`, AUDIT_ENTRIES]
      await runScript(client, RESTORE_OVERRIDE, [keys.overrides, keys.audit], args)
    }
  }

  async #readOverrides(): Promise<readonly Override[]> {
    const { overrides, problems } = await readOverrides(this.#options.client, this.#options.keys)
    this.#overrides = overrides
    for (const problem of problems) this.#refuse('', problem)
    return overrides
  }

  async #readStates(): Promise<ReadonlyMap<string, Uint8Array>> {
    const { client, keys } = this.#options
    const octets = await client.getBuffer(keys.states)
    this.#statesPlace = '0-0'
    if (octets === null) return new Map()
    const value = readTableValue(octets)
    const record = 'problem' in value ? value : decodeStates(value.record)
    if ('problem' in record) {
      this.#refuse('', record.problem)
      return new Map()
    }
    this.#statesPlace = (value as TableValue).logId
    this.#statesSequence = record.sequence
    this.#statesFence = record.fence
    return record.states
  }

  async #takeStates(entries: readonly StreamEntry[]): Promise<void> {
    const { follower } = this.#options
    for (const { id, fields } of entries) {
      this.#statesPlace = id
      const octets = fields.get('d')
      const record = octets === undefined ? undefined : decodeStates(octets)
      if (record !== undefined && 'problem' in record) this.#refuse('', record.problem)
      // All states were written anew, or some never came.
      if (record === undefined || 'problem' in record || record.sequence > this.#statesSequence + 1) {
        const states = await this.#readStates()
        if (!this.#stopped) follower.onStates(states)
        return
      }
      if (record.fence < this.#statesFence || record.sequence <= this.#statesSequence) continue
      this.#statesFence = record.fence
      this.#statesSequence = record.sequence
      if (!this.#stopped) follower.onStates(record.states)
    }
  }

  async #agentNames(): Promise<string[]> {
    const { client, keys } = this.#options
    const names = await client.smembers(keys.agents)
    for (const name of names) if (!isName(name)) this.#refuse('', 'an agent without a proper name')
    return names.filter(isName).sort().slice(0, AGENTS_MAX)
  }

  #markBehind(agent: string): void {
    if (!this.#behind.has(agent)) this.#behind.set(agent, Number.NEGATIVE_INFINITY)
  }

  #tellReports(keys: readonly number[]): void {
    if (keys.length > 0 && !this.#stopped) this.#options.follower.onReports(keys)
  }

  #refuse(agent: string, problem: string): void {
    if (!this.#stopped) this.#options.follower.onRefused({ agent, problem })
  }

  #setLink(up: boolean, reason: string): void {
    if (this.#stopped) return
    const { link } = this
    if (link.up === up && link.reason === reason) return
    this.#link = { up, reason, since: link.up === up ? link.since : Date.now() }
    this.#options.follower.onLink(this.#link)
  }

  /** What the connection says of itself tells more than that a command could not be sent. */
  #reasonOf(error: Error): string {
    const isEffect = /Stream isn't writeable|Connection is closed|max retries|None of startup nodes/i.test(
      error.message,
    )
    return isEffect && this.#lastError !== '' ? this.#lastError : error.message
  }

  /** Ends early when a connection is ready or everything stops. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#stopped) this.#wake()
    })
  }
}

const NO_SIGNATURE = new Uint8Array(0)
const READY_MS = 2000
const LEASES_MS = 500
const RETRY_MS = 50
const RETRY_MAX_MS = 1000
/** Between two readings of the table of an agent that does not come right. */
const REREAD_MS = 1000
/** Tables of one command: they may be large, and a command has its time. */
const TABLES_AT_ONCE = 10
/** More than anybody runs; names come from whoever may write to the set. */
const AGENTS_MAX = 10_000
