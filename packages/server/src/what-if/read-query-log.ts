import { type Name, ROOT, readName, rtypeOf } from '@windrose/dns'
import { type Address, type Prefix, readAddress, readPrefix } from '@windrose/ip'

/** A query that somebody asked once, or several times. */
export interface RecordedQuery {
  /** Counts from 1. */
  readonly line: number
  readonly qname: Name
  readonly qtype: number
  /** The client subnet that the resolver sent; without it the resolver's own place counts. */
  readonly client?: Prefix
  readonly resolver: Address
  /** Epoch milliseconds. */
  readonly timeMs?: number
  /** How often it was asked; above 0. */
  readonly count: number
}

/** A line that says nothing of use, and why. */
export interface BadLine {
  readonly line: number
  readonly reason: string
}

export interface QueryLog {
  readonly queries: readonly RecordedQuery[]
  readonly bad: readonly BadLine[]
}

/**
 * Reads recorded queries, one a line: a JSON object with `name`, `type`, `client`, `resolver`, `time` and `count`, or plain
 * words `NAME [TYPE [CLIENT [RESOLVER]]]`. Empty lines and those that begin with # are left out. A bad line costs itself
 * only. Other keys of an object are left alone: logs have more in them than is asked for here.
 */
export function readQueryLog(text: string): QueryLog {
  const reader = new LineReader()
  const queries: RecordedQuery[] = []
  const bad: BadLine[] = []
  let line = 0
  for (const [raw] of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    line++
    const words = raw.trim()
    if (words === '' || words.startsWith('#')) continue
    const read = reader.read(words, line)
    if (typeof read === 'string') bad.push({ line, reason: read })
    else queries.push(read)
  }
  return { queries, bad }
}

/** The values of a line, not read yet. */
interface LineFields {
  readonly name?: unknown
  readonly type?: unknown
  readonly client?: unknown
  readonly resolver?: unknown
  readonly time?: unknown
  readonly count?: unknown
}

/** The same names, types and resolvers come again and again: each is read once. */
class LineReader {
  readonly #names: Map<string, Name | string> = new Map()
  readonly #resolvers: Map<string, Address | undefined> = new Map()

  /** A string is what is wrong. */
  read(text: string, line: number): RecordedQuery | string {
    const fields = text.startsWith('{') ? readJson(text) : readWords(text)
    if (typeof fields === 'string') return fields
    const { name, type = 'A', client, resolver = LOOPBACK, time, count = 1 } = fields
    if (typeof name !== 'string') return 'there is no name in it'
    const qname = this.#name(name)
    if (typeof qname === 'string') return `"${cut(name)}" is not a domain name: ${qname}`
    const qtype = typeof type === 'string' ? rtypeOf(type.toUpperCase()) : undefined
    if (qtype === undefined) return `"${cut(type)}" is not a record type such as A or AAAA`
    const source = this.#resolver(resolver)
    if (source === undefined) return `the resolver "${cut(resolver)}" is not an address`
    const subnet = typeof client === 'string' ? readPrefix(client)?.prefix : undefined
    if (client !== undefined && client !== null && subnet === undefined) {
      return `the client "${cut(client)}" is not an address or a prefix such as 198.51.100.0/24`
    }
    const timeMs = readTime(time)
    if (Number.isNaN(timeMs))
      return `the time "${cut(time)}" is not one such as 2026-03-01T12:00:00Z, or seconds since 1970`
    if (typeof count !== 'number' || !(count > 0) || !Number.isFinite(count))
      return `the count "${cut(count)}" is not above 0`
    return {
      line,
      qname,
      qtype,
      ...(subnet === undefined ? {} : { client: subnet }),
      resolver: source,
      ...(timeMs === undefined ? {} : { timeMs }),
      count,
    }
  }

  #name(text: string): Name | string {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const read = readName(text, ROOT)
    const name = 'problem' in read ? read.problem : read
    this.#names.set(text, name)
    return name
  }

  #resolver(text: unknown): Address | undefined {
    if (typeof text !== 'string') return undefined
    if (!this.#resolvers.has(text)) this.#resolvers.set(text, readAddress(text))
    return this.#resolvers.get(text)
  }
}

const LOOPBACK = '127.0.0.1'

function readJson(text: string): LineFields | string {
  try {
    return JSON.parse(text) as LineFields
  } catch (error) {
    return `it begins like JSON and is none: ${(error as Error).message.slice(0, 100)}`
  }
}

function readWords(text: string): LineFields | string {
  const words = text.split(/\s+/)
  if (words.length > 4) return `it has ${words.length} words; a line is NAME TYPE CLIENT RESOLVER`
  const [name, type, client, resolver] = words
  return { name, type, client, resolver }
}

/** Epoch milliseconds of an ISO 8601 time, or of seconds since 1970; NaN for anything else that is there. */
function readTime(time: unknown): number | undefined {
  if (time === undefined || time === null) return undefined
  if (typeof time === 'number') return Number.isFinite(time) ? time * 1000 : Number.NaN
  return typeof time === 'string' ? Date.parse(time) : Number.NaN
}

function cut(value: unknown): string {
  return String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, 100)
}
