import type { Override } from '@windrose/health'
import type { CheckSet } from '../check-set.ts'
import type { Lease } from '../lease.ts'
import { LoadBook } from '../load-book.ts'
import type { OverrideAction } from '../override-action.ts'
import { readOverride } from '../override-file.ts'
import { digestOfCheckSet, printCheckSet, readCheckSet } from '../records/check-set-record.ts'
import { printLease } from '../records/lease-record.ts'
import { printLoad } from '../records/load-record.ts'
import { encodeReports } from '../records/report-record.ts'
import { encodeStates } from '../records/state-record.ts'
import type { BatchOutcome, ReportBatch } from '../report-batch.ts'
import { ReportBook } from '../report-book.ts'
import type { ServerLoad } from '../server-load.ts'
import { type LastSigned, SignedMemory } from '../signed-memory.ts'
import { NO_TRUST, type Sign, type SignedPart, type Trust } from '../signing.ts'
import type { Follower, Keeper, OverrideOutcome, StateChanges, Store, StoreLink } from '../store.ts'
import { connectRedis, disconnectRedis, type RedisClient } from './connect-redis.ts'
import { Denials } from './denials.ts'
import { addHint, explainError, isConsequence } from './explain-error.ts'
import { readOverrides } from './read-overrides.ts'
import type { RedisAccess } from './redis-access.ts'
import { RedisFollower } from './redis-follower.ts'
import { RedisKeys } from './redis-keys.ts'
import {
  APPEND_CHANGE,
  APPEND_STATES,
  AUDIT_ENTRIES,
  END_OVERRIDE,
  ENROLL,
  KEEP,
  LEAVE,
  NAME_SERVER,
  PUT_OVERRIDE,
  REMOVE_OVERRIDE,
  RENEW,
  type RedisScript,
  runScript,
  WITHDRAW,
  WRITE_LOAD,
  WRITE_STATES,
  WRITE_TABLE,
} from './redis-scripts.ts'
import { whenReady } from './when-ready.ts'

export interface RedisStoreOptions {
  readonly access: RedisAccess
  /** Who speaks, for `CLIENT LIST`. */
  readonly name: string
  /** How agents sign; left out, they do not. */
  readonly sign?: Sign | undefined
  /** Whose signatures servers ask for. */
  readonly trust?: Trust | undefined
  /** The overrides that a server knew when it last ran: what the store has lost of them is put back. */
  readonly remembered?: readonly Override[] | undefined
  /** What a server knew of those who sign when it last ran. */
  readonly signed?: ReadonlyMap<string, LastSigned> | undefined
  /** Hears of each set of checks that an agent cannot read, once. */
  readonly onUnreadable?: ((problem: string) => void) | undefined
  /** Hears why Redis does not do what it is asked for, though it is within reach; undefined when it does again. */
  readonly onDenied?: ((reason: string | undefined) => void) | undefined
}

/** A store in Redis or Valkey. It connects by itself, now and whenever the connection is lost. */
export function createRedisStore(options: RedisStoreOptions): Store {
  return new RedisStore(options)
}

class RedisStore implements Store {
  readonly kind = 'redis'
  readonly book = new ReportBook()
  readonly loads = new LoadBook()
  readonly #options: RedisStoreOptions
  readonly #keys: RedisKeys
  readonly #client: RedisClient
  /** By digest; undefined where it cannot be read. */
  readonly #sets = new Map<string, CheckSet | undefined>()
  /** What was published last, again and again: with many targets a digest takes a while. */
  #published: { readonly set: CheckSet; readonly digest: string } | undefined
  readonly #signed: SignedMemory
  readonly #denials: Denials
  #follower: RedisFollower | undefined
  #closed = false
  #lastError = 'not connected yet'
  #wasUp = false

  constructor(options: RedisStoreOptions) {
    const { access, name } = options
    this.#options = options
    this.#denials = new Denials((reason) => options.onDenied?.(reason && addHint(reason, access, true)))
    this.#signed = new SignedMemory(options.trust ?? NO_TRUST, options.signed)
    this.#keys = new RedisKeys(access.prefix, access.namespace)
    this.#client = connectRedis(access, name)
    this.#client.once('ready', () => {
      this.#wasUp = true
    })
    this.#client.on('error', (error: Error) => {
      if (!isConsequence(error.message)) this.#lastError = error.message
    })
  }

  get link(): StoreLink {
    return this.#follower?.link ?? { up: this.#client.status === 'ready', since: 0, reason: this.#whyAway() }
  }

  get signed(): ReadonlyMap<string, LastSigned> {
    return this.#signed.last
  }

  async enroll(agent: string, floor: number): Promise<number> {
    const incarnation = await this.#run(ENROLL, [this.#keys.incarnation(agent), this.#keys.sequence(agent)], [floor])
    // After that: who sees the name without an incarnation takes it away.
    const client = await this.#ready()
    await this.#denials.watch('sadd', () => client.sadd(this.#keys.agents, agent))
    return incarnation as number
  }

  async renew(lease: Lease): Promise<BatchOutcome> {
    const { agent, incarnation, ttlMs } = lease
    const text = printLease(lease)
    const signature = this.#sign(agent, 'lease', Buffer.from(text)).toString('base64')
    const { incarnation: of, lease: held, sequence, log, table } = this.#keysOf(agent)
    // Now and then is enough, and a quiet agent is to be quiet.
    const keptMs = lease.beat % KEEP_EVERY === 1 ? NAME_KEPT_MS : 0
    const args = [incarnation, lease.sequence, `${signature}\n${text}`, ttlMs, keptMs]
    return outcomeOf(await this.#run(RENEW, [of, held, sequence, log, table], args))
  }

  async publish(batch: ReportBatch): Promise<BatchOutcome> {
    const { agent, incarnation, sequence } = batch
    const record = Buffer.from(encodeReports(batch))
    const keys = this.#keysOf(agent)
    const args = [incarnation, sequence, record, this.#sign(agent, 'change', record), LOG_ENTRIES]
    return outcomeOf(await this.#run(APPEND_CHANGE, [keys.incarnation, keys.sequence, keys.log], args))
  }

  async publishWhole(batch: ReportBatch): Promise<BatchOutcome> {
    const { agent, incarnation, sequence } = batch
    const record = Buffer.from(encodeReports({ ...batch, dropped: [] }))
    const keys = this.#keysOf(agent)
    const args = [incarnation, sequence, record, this.#sign(agent, 'whole', record)]
    return outcomeOf(await this.#run(WRITE_TABLE, [keys.incarnation, keys.sequence, keys.log, keys.table], args))
  }

  async leave(agent: string, incarnation: number): Promise<void> {
    await this.#run(LEAVE, [this.#keys.incarnation(agent), this.#keys.lease(agent)], [incarnation])
  }

  async checkSets(): Promise<readonly CheckSet[]> {
    const client = await this.#ready()
    const servers = await this.#denials.watch('smembers', () => client.smembers(this.#keys.servers))
    if (servers.length === 0) return []
    const held = await client.mget(servers.map((server) => this.#keys.server(server)))
    const digests = [...new Set(held.filter((digest) => digest !== null))].sort()
    for (const known of this.#sets.keys()) if (!digests.includes(known)) this.#sets.delete(known)
    for (const digest of digests) {
      if (this.#sets.has(digest)) continue
      const text = await client.get(this.#keys.checks(digest))
      if (text === null) continue
      const set = readCheckSet(text)
      // A server of another version wants what this one cannot read; the other sets are as good as ever.
      const isRead = !('problem' in set)
      this.#sets.set(digest, isRead ? set : undefined)
      if (!isRead) this.#options.onUnreadable?.(`the checks of server ${servers[held.indexOf(digest)]}: ${set.problem}`)
    }
    return digests.map((digest) => this.#sets.get(digest)).filter((set) => set !== undefined)
  }

  async publishChecks(server: string, set: CheckSet, ttlMs: number): Promise<void> {
    const client = await this.#ready()
    if (this.#published?.set !== set) this.#published = { set, digest: digestOfCheckSet(set) }
    const { digest } = this.#published
    // The set lives as long as the last server that names it, and a little longer.
    await this.#denials.watch('checks', async () => {
      const key = this.#keys.checks(digest)
      if ((await client.pexpire(key, ttlMs * 2)) === 0) await client.set(key, printCheckSet(set), 'PX', ttlMs * 2)
    })
    await this.#run(NAME_SERVER, [this.#keys.servers, this.#keys.server(server)], [server, digest, ttlMs])
  }

  async enrollServer(server: string, floor: number): Promise<number> {
    const { loadIncarnation, loadSequence } = this.#loadKeys(server)
    return (await this.#run(ENROLL, [loadIncarnation, loadSequence], [floor])) as number
  }

  async publishLoad(load: ServerLoad, ttlMs: number): Promise<BatchOutcome> {
    const { server, incarnation, sequence } = load
    const { loadIncarnation, loadSequence, load: held } = this.#loadKeys(server)
    const args = [incarnation, sequence, printLoad(load), ttlMs, NAME_KEPT_MS, server]
    return outcomeOf(await this.#run(WRITE_LOAD, [loadIncarnation, loadSequence, held, this.#keys.servers], args))
  }

  async withdraw(server: string, aliveMs: number): Promise<void> {
    const keys = this.#keys
    const others = (await (await this.#ready()).smembers(keys.servers)).filter((name) => name !== server)
    const records = [server, ...others].map((name) => keys.server(name))
    await this.#run(WITHDRAW, [keys.servers, records[0]!, keys.load(server), ...records.slice(1)], [server, aliveMs])
  }

  follow(follower: Follower): () => void {
    if (this.#follower !== undefined) throw new Error('a redis store is followed once')
    const { access, name, trust = NO_TRUST, remembered = [] } = this.#options
    this.#follower = new RedisFollower({
      access,
      name,
      trust,
      signed: this.#signed,
      keys: this.#keys,
      client: this.#client,
      book: this.book,
      loads: this.loads,
      follower,
      remembered,
    })
    this.#follower.start()
    return () => this.#follower?.stop()
  }

  async putOverride(override: Override): Promise<OverrideOutcome> {
    const args = [override.id, JSON.stringify(override), override.author, AUDIT_ENTRIES]
    await this.#run(PUT_OVERRIDE, [this.#keys.overrides, this.#keys.audit], args)
    return { changed: true }
  }

  async removeOverride(id: string, by = ''): Promise<OverrideOutcome> {
    const removed = await this.#run(REMOVE_OVERRIDE, [this.#keys.overrides, this.#keys.audit], [id, by, AUDIT_ENTRIES])
    return { changed: removed === 1 }
  }

  async endOverride(override: Override): Promise<OverrideOutcome> {
    const args = [override.id, JSON.stringify(override), override.expiresAt ?? 0, AUDIT_ENTRIES]
    const ended = await this.#run(END_OVERRIDE, [this.#keys.overrides, this.#keys.audit], args)
    return { changed: ended === 1 }
  }

  async overrides(): Promise<readonly Override[]> {
    return (await readOverrides(await this.#ready(), this.#keys)).overrides
  }

  async audit(most: number): Promise<readonly OverrideAction[]> {
    const entries = await (await this.#ready()).xrevrange(this.#keys.audit, '+', '-', 'COUNT', most)
    return entries.flatMap(([id, fields]) => {
      const [, action, , by, , text] = fields
      const override = readOverride(text ?? '')
      if ('problem' in override || (action !== 'put' && action !== 'remove')) return []
      return [{ at: Number(id.split('-')[0]), action, by: by ?? '', override } satisfies OverrideAction]
    })
  }

  async keep(server: string, ttlMs: number): Promise<number | undefined> {
    const fence = await this.#run(KEEP, [this.#keys.keeper, this.#keys.fence], [server, ttlMs])
    return fence === null ? undefined : (fence as number)
  }

  async putStates({ server, fence }: Keeper, { sequence, states, whole }: StateChanges): Promise<boolean> {
    const record = Buffer.from(encodeStates({ fence, sequence, states }))
    const guard = `${server} ${fence}`
    const { keeper, statesLog, states: table } = this.#keys
    const done = whole
      ? await this.#run(WRITE_STATES, [keeper, keeper, statesLog, table], [guard, sequence, record, ''])
      : await this.#run(APPEND_STATES, [keeper, keeper, statesLog], [guard, sequence, record, '', LOG_ENTRIES])
    return done === 1
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#follower?.stop()
    disconnectRedis(this.#client)
  }

  async #run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> {
    const client = await this.#ready()
    return this.#denials.watch(script.sha, () => runScript(client, script, keys, args))
  }

  #keysOf(agent: string) {
    const keys = this.#keys
    return {
      incarnation: keys.incarnation(agent),
      sequence: keys.sequence(agent),
      lease: keys.lease(agent),
      log: keys.log(agent),
      table: keys.table(agent),
    }
  }

  #loadKeys(server: string) {
    const keys = this.#keys
    return {
      load: keys.load(server),
      loadIncarnation: keys.loadIncarnation(server),
      loadSequence: keys.loadSequence(server),
    }
  }

  /** Waits a moment where the connection is only being made. */
  async #ready(): Promise<RedisClient> {
    if (this.#closed) throw new Error('the store is closed')
    await whenReady(this.#client, READY_MS, () => this.#whyAway())
    return this.#client
  }

  #whyAway(): string {
    return explainError(this.#lastError, this.#options.access, this.#wasUp)
  }

  #sign(agent: string, part: SignedPart['part'], octets: Uint8Array): Buffer {
    const { sign, access } = this.#options
    return Buffer.from(sign?.({ namespace: access.namespace, agent, part }, octets) ?? [])
  }
}

/** Entries of a log beyond which the oldest may go; whoever needed them reads the table. */
const LOG_ENTRIES = 1000

const READY_MS = 1000
/** How long the store keeps what an agent or a server has said that never comes back. */
const NAME_KEPT_MS = 7 * 86_400_000
/** Renewals of a lease between two times that the rest is kept for longer. */
const KEEP_EVERY = 100

function outcomeOf(reply: unknown): BatchOutcome {
  return reply === 1 ? 'taken' : reply === 0 ? 'fenced' : 'unknown'
}
