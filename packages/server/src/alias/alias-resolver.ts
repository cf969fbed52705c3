import { Resolver } from 'node:dns/promises'
import { readAddress } from '@windrose/ip'
import type { AliasAddresses, Snapshot } from '@windrose/nameserver'

/** A name outside our zones that some service answers with. */
export interface AliasName {
  /** As a snapshot's `aliases` are keyed. */
  readonly key: string
  /** Without its final dot. */
  readonly text: string
}

/** What is known of one alias. */
export interface AliasState {
  readonly name: string
  /** Undefined before the first answer. */
  readonly addresses: AliasAddresses | undefined
  /** Epoch milliseconds of the last answer; 0 before the first. */
  readonly resolvedAt: number
  /** Why the last attempt failed; empty after one that did not. */
  readonly failure: string
}

/**
 * Keeps the addresses of aliases current: asks again when the shorter of both families' TTLs ends, and tells only of sets
 * that changed. When a resolver fails, the last addresses stand and it is asked again sooner.
 *
 * Of the answering path nothing waits for it.
 */
export class AliasResolver {
  readonly #options: AliasResolverOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: AliasResolverOptions) {
    this.#options = options
  }

  /** From now on these are resolved; what is known of those that stay is kept. */
  setNames(names: readonly AliasName[]): void {
    const wanted = new Set(names.map(({ key }) => key))
    for (const [key, entry] of this.#entries) {
      if (wanted.has(key)) continue
      clearTimeout(entry.timer)
      this.#entries.delete(key)
    }
    for (const name of names) {
      if (this.#entries.has(name.key)) continue
      const entry: Entry = {
        name,
        addresses: undefined,
        resolvedAt: 0,
        failure: '',
        failures: 0,
        timer: undefined,
        first: undefined,
      }
      this.#entries.set(name.key, entry)
      entry.first = this.#resolve(entry)
    }
  }

  /** As a snapshot has them: those that were resolved at least once. */
  get aliases(): Snapshot['aliases'] {
    return new Map(
      [...this.#entries].flatMap(([key, { addresses }]) => (addresses === undefined ? [] : [[key, addresses]])),
    )
  }

  get states(): readonly AliasState[] {
    return [...this.#entries.values()].map(({ name, addresses, resolvedAt, failure }) => ({
      name: name.text,
      addresses,
      resolvedAt,
      failure,
    }))
  }

  /** Names of which nothing is known yet. */
  get unresolved(): readonly string[] {
    return this.states
      .filter(({ addresses, failure }) => addresses === undefined && failure === '')
      .map(({ name }) => name)
  }

  /** Resolves when each name has had its first outcome, whichever it was. */
  async settled(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ first }) => first))
  }

  stop(): void {
    this.setNames([])
  }

  async #resolve(entry: Entry): Promise<void> {
    const found = await this.#ask(entry.name.text)
    // It may have been taken away meanwhile.
    if (this.#entries.get(entry.name.key) !== entry) return
    if ('failure' in found) {
      entry.failure = found.failure
      entry.failures++
      this.#again(entry, Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(entry.failures - 1, 10)))
      this.#options.onFailure(entry.name.text, found.failure, entry.addresses !== undefined)
      return
    }
    const before = entry.addresses
    Object.assign(entry, { addresses: found, resolvedAt: this.#options.now(), failure: '', failures: 0 })
    this.#again(entry, Math.min(REFRESH_MAX_MS, Math.max(REFRESH_MIN_MS, found.ttl * 1000)))
    if (before === undefined || !isSame(before, found)) this.#options.onChange(entry.name.text)
  }

  #again(entry: Entry, delayMs: number): void {
    entry.timer = setTimeout(() => void this.#resolve(entry), delayMs)
  }

  async #ask(name: string): Promise<AliasAddresses | { readonly failure: string }> {
    const resolver = new Resolver({ timeout: ANSWER_MS, tries: 2 })
    const { servers } = this.#options
    if (servers.length > 0) resolver.setServers(servers)
    const [ipv4, ipv6] = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ])
    const records = [ipv4, ipv6].map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
    const failed = [ipv4, ipv6].find((outcome) => outcome.status === 'rejected' && !isEmpty(outcome.reason))
    // Half an answer would take a family away that is only out of reach.
    if (failed?.status === 'rejected') return { failure: sayFailure(failed.reason) }
    const ttls = records.flat().map(({ ttl }) => ttl)
    if (ttls.length === 0) return { failure: 'the name has no address' }
    const octets = (list: readonly { readonly address: string }[]): Uint8Array[] =>
      list
        .map(({ address }) => address)
        .sort()
        .flatMap((address) => readAddress(address) ?? [])
    return { ipv4: octets(records[0]!), ipv6: octets(records[1]!), ttl: Math.max(1, Math.min(...ttls)) }
  }
}

export interface AliasResolverOptions {
  /** `ADDRESS:PORT` of the resolvers to ask; none: those of the machine. */
  readonly servers: readonly string[]
  /** Hears when the addresses of a name are known or are others. */
  readonly onChange: (name: string) => void
  /** Hears of each failure; `stands` says whether earlier addresses go on being answered. */
  readonly onFailure: (name: string, failure: string, stands: boolean) => void
  /** Epoch milliseconds. */
  readonly now: () => number
}

interface Entry {
  readonly name: AliasName
  addresses: AliasAddresses | undefined
  resolvedAt: number
  failure: string
  failures: number
  timer: NodeJS.Timeout | undefined
  /** The first attempt. */
  first: Promise<void> | undefined
}

const ANSWER_MS = 2000
/** Below that a resolver's answer would come from its cache anyway, and the snapshot would be handed around for nothing. */
const REFRESH_MIN_MS = 5000
const REFRESH_MAX_MS = 3_600_000
const RETRY_MIN_MS = 1000
const RETRY_MAX_MS = 60_000

/** The TTL that is left differs from answer to answer; only a new set of addresses is news. */
function isSame(a: AliasAddresses, b: AliasAddresses): boolean {
  const text = ({ ipv4, ipv6 }: AliasAddresses): string => [...ipv4, ...ipv6].map((octets) => octets.join('.')).join()
  return text(a) === text(b)
}

/** No address of one family is an answer. */
function isEmpty(reason: unknown): boolean {
  return codeOf(reason) === 'ENODATA'
}

function sayFailure(reason: unknown): string {
  return FAILURES[codeOf(reason)] ?? `the resolver failed: ${codeOf(reason)}`
}

function codeOf(reason: unknown): string {
  return String((reason as { code?: unknown }).code ?? reason)
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name does not exist',
  ETIMEOUT: 'the resolver does not answer',
  ECONNREFUSED: 'the resolver cannot be reached',
  ESERVFAIL: 'the resolver says SERVFAIL',
  EREFUSED: 'the resolver refuses the question',
}
