import { randomUUID } from 'node:crypto'
import type { Override } from '@windrose/health'
import type { LoadBook } from '../load-book.ts'
import { readOverride } from '../override-file.ts'
import { isName } from '../records/lease-record.ts'
import { decodeStates } from '../records/state-record.ts'
import { readTableValue, type TableValue } from '../records/table-value.ts'
import type { ReportBook } from '../report-book.ts'
import type { SignedMemory } from '../signed-memory.ts'
import { type Trust, untrustedProblem } from '../signing.ts'
import type { Follower, StoreLink } from '../store.ts'
import { AgentMirror } from './agent-mirror.ts'
import { BLOCK_MS, connectRedis, disconnectRedis, type RedisClient } from './connect-redis.ts'
import { explainError, isConsequence } from './explain-error.ts'
import { NameSweep } from './name-sweep.ts'
import { readOverrides } from './read-overrides.ts'
import { readStreams, type StreamEntry } from './read-streams.ts'
import type { RedisAccess } from './redis-access.ts'
import type { RedisKeys } from './redis-keys.ts'
import { AUDIT_ENTRIES, BIRTH, RESTORE_OVERRIDE, runScript } from './redis-scripts.ts'
import { ServerMirror } from './server-mirror.ts'
import { whenReady } from './when-ready.ts'

export interface RedisFollowerOptions {
  readonly access: RedisAccess
  readonly name: string
  readonly trust: Trust
  readonly signed: SignedMemory
  readonly keys: RedisKeys
  /** For everything but reads that wait. */
  readonly client: RedisClient
  readonly book: ReportBook
  readonly loads: LoadBook
  readonly follower: Follower
  readonly remembered: readonly Override[]
}

/**
 * Keeps a book in step with Redis: all of it first, then the streams, pushed by a read that waits, and the leases, looked
 * at twice a second.
 *
 * Whatever may have been missed is read whole again: when a connection was lost, everything, since the Redis behind it may
 * be another, or empty. While Redis is away the book stays as it is.
 */
export class RedisFollower {
  readonly #options: RedisFollowerOptions
  readonly #agents: AgentMirror
  readonly #servers: ServerMirror
  readonly #names: NameSweep
  /** Of the Redis that was read last, and the overrides that it had. */
  #birth: string | undefined
  #overrides: readonly Override[]
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
    this.#overrides = options.remembered
    const { client, keys, trust, signed, book, loads, access } = options
    const refuse = (agent: string, problem: string) => this.#refuse(agent, problem)
    this.#agents = new AgentMirror({ client, keys, trust, signed, book, namespace: access.namespace, refuse })
    this.#servers = new ServerMirror({ client, keys, loads, refuse: (problem) => refuse('', problem) })
    this.#names = new NameSweep(client, keys)
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
        if (!isConsequence(error.message)) this.#lastError = error.message
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
    if (this.#reader !== undefined) disconnectRedis(this.#reader)
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
    const { client, keys, follower } = this.#options
    const [auditEnd] = await client.xrevrange(keys.audit, '+', '-', 'COUNT', 1)
    this.#auditPlace = auditEnd?.[0] ?? '0-0'
    await this.#restoreOverrides()
    const overrides = await this.#readOverrides()
    this.#statesPlace = '0-0'
    const states = await this.#readStates()
    await this.#agents.readAll(await this.#agentNames(), this.#wasUp)
    await this.#servers.readAll()
    if (!this.#stopped) follower.onAll({ overrides, states })
  }

  async #followStreams(reader: RedisClient, epoch: number): Promise<void> {
    const { keys } = this.#options
    while (epoch === this.#epoch) {
      const places = new Map([
        [keys.audit, this.#auditPlace],
        [keys.statesLog, this.#statesPlace],
        ...[...this.#agents.places].map(([agent, place]) => [keys.log(agent), place] as const),
      ])
      const agents = new Map([...this.#agents.places.keys()].map((agent) => [keys.log(agent), agent]))
      const news = await readStreams(reader, places, BLOCK_MS)
      if (epoch !== this.#epoch) return
      // Reports before the states that the keeper made of them: else a state would be stepped back for a moment.
      for (const [key, entries] of news) {
        const agent = agents.get(key)
        if (agent !== undefined) this.#tellReports(this.#agents.take(agent, entries))
      }
      const actions = news.get(keys.audit)
      if (actions !== undefined) await this.#takeActions(actions)
      const states = news.get(keys.statesLog)
      if (states !== undefined) await this.#takeStates(states)
      this.#tellReports(await this.#agents.catchUp())
    }
  }

  async #followLeases(epoch: number): Promise<void> {
    while (epoch === this.#epoch) {
      await this.#pause(LEASES_MS)
      if (epoch !== this.#epoch) return
      await this.#requireSameStore()
      const { keys, isElectorateNew } = await this.#agents.look(await this.#agentNames())
      this.#tellReports(keys)
      if (isElectorateNew) this.#options.follower.onAgents()
      await this.#servers.look()
      await this.#names.look()
    }
  }

  async #takeActions(entries: readonly StreamEntry[]): Promise<void> {
    this.#auditPlace = entries.at(-1)!.id
    const overrides = await this.#readOverrides()
    if (!this.#stopped) this.#options.follower.onOverrides(overrides)
  }

  /**
   * What operators forced is not to end because Redis lost its memory or a part of it, or because the one that was spoken
   * to for a while is given up: who still knows it puts it back, but for what was removed here since.
   */
  async #restoreOverrides(): Promise<void> {
    const { client, keys, name } = this.#options
    const birth = (await runScript(client, BIRTH, [keys.birth], [randomUUID()])) as string
    const there = new Set((await readOverrides(client, keys)).overrides.map(({ id }) => id))
    const missing = this.#overrides.filter(
      ({ id, expiresAt }) => !there.has(id) && (expiresAt ?? Number.POSITIVE_INFINITY) > Date.now(),
    )
    const removed = missing.length === 0 ? NONE : await this.#removedOverrides()
    for (const override of missing) {
      if (removed.has(override.id)) continue
      const args = [override.id, JSON.stringify(override), `${name}, which still knew it`, AUDIT_ENTRIES]
      await runScript(client, RESTORE_OVERRIDE, [keys.overrides, keys.audit], args)
    }
    // Only now: what fails half way is done again.
    this.#birth = birth
  }

  /** By id, as far as the audit of this Redis goes back. */
  async #removedOverrides(): Promise<ReadonlySet<string>> {
    const { client, keys } = this.#options
    const removed = new Set<string>()
    for (const [, fields] of await client.xrange(keys.audit, '-', '+', 'COUNT', AUDIT_ENTRIES)) {
      const override = readOverride(fields[5] ?? '')
      if ('problem' in override) continue
      if (fields[1] === 'remove') removed.add(override.id)
      else removed.delete(override.id)
    }
    return removed
  }

  async #readOverrides(): Promise<readonly Override[]> {
    const { overrides, problems } = await readOverrides(this.#options.client, this.#options.keys)
    // Only what was read of the same store is all there is: else what is known would be forgotten with it.
    await this.#requireSameStore()
    this.#overrides = overrides
    for (const problem of problems) this.#refuse('', problem)
    return overrides
  }

  async #requireSameStore(): Promise<void> {
    const { client, keys } = this.#options
    if ((await client.get(keys.birth)) !== this.#birth) throw new Error('the store was emptied')
  }

  async #readStates(): Promise<ReadonlyMap<string, Uint8Array>> {
    const { client, keys } = this.#options
    const octets = await client.getBuffer(keys.states)
    this.#statesSequence = 0
    this.#statesFence = 0
    if (octets === null) return new Map()
    const value = readTableValue(octets)
    const record = 'problem' in value ? value : decodeStates(value.record)
    if ('problem' in record) {
      // The log is read on from where it is: from its beginning it would lead here again.
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
    const { trust, book } = this.#options
    const proper: string[] = []
    for (const name of names.sort()) {
      if (!isName(name)) this.#refuse('', 'an agent without a proper name')
      else if (trust.required && !trust.keys.has(name)) this.#refuse(name, untrustedProblem(name))
      else proper.push(name)
    }
    if (proper.length <= AGENTS_MAX) return proper
    // Whoever may add names must not crowd out those that are known.
    this.#refuse('', `${proper.length} agents, of which ${AGENTS_MAX} are heard`)
    const known = proper.filter((name) => book.agents.has(name))
    return [...known, ...proper.filter((name) => !book.agents.has(name))].slice(0, AGENTS_MAX)
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
    const isTold = isConsequence(error.message) && this.#lastError !== ''
    return explainError(isTold ? this.#lastError : error.message, this.#options.access, this.#wasUp)
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

const READY_MS = 2000
const LEASES_MS = 500
const RETRY_MS = 50
const RETRY_MAX_MS = 1000
const NONE: ReadonlySet<string> = new Set()
/** More than anybody runs; names come from whoever may write to the set. */
const AGENTS_MAX = 10_000
