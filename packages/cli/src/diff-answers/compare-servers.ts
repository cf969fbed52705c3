import { printName, printRtype } from '@windrose/dns'
import { printPrefix } from '@windrose/ip'
import { summarise } from './answer-summary.ts'
import { Pacer } from './pacer.ts'
import { agree, type DifferenceKind, differencesOf, SeenAnswers } from './seen-answers.ts'
import type { AskedQuery, UdpAsker } from './udp-asker.ts'

/** How two servers are asked. */
export interface CompareManner {
  /** Most questions at the same time. */
  readonly concurrency: number
  /** Most packets a second, to both servers together. */
  readonly rate: number
  /** Most times that a question is asked where answers differ: they may be drawn at random. */
  readonly asks: number
  readonly ignored: ReadonlySet<DifferenceKind>
  /** Most examples of each kind of difference. */
  readonly examples: number
}

export interface AnswerDifference {
  readonly kind: DifferenceKind
  readonly name: string
  readonly type: string
  /** The client subnet that was sent; of a difference in TTLs there is none. */
  readonly client: string | null
  readonly server: SideReport
  readonly against: SideReport
}

/** What one server said. */
export interface SideReport {
  readonly rcodes: readonly string[]
  readonly answers: readonly string[]
  readonly ttl: { readonly min: number; readonly max: number } | null
  readonly scopes: readonly number[]
}

export interface DiffReport {
  readonly queries: number
  /** Questions on which the servers agree in all that counts. */
  readonly equal: number
  readonly different: number
  /** Packets, to both servers. */
  readonly asked: number
  /** Questions by what differs, and of TTLs names; also what is ignored. */
  readonly byKind: Readonly<Record<DifferenceKind, number>>
  readonly examples: readonly AnswerDifference[]
}

/**
 * Asks two servers the same and compares what they say.
 *
 * A question on which they differ is asked again, up to `asks` times, until both have given the same records: answers that
 * are drawn at random are compared as the set of all that was seen. Where each server says the same eight times, it is
 * taken at its word; and only what one said eight times and the other never is a difference, as a draw may miss the rest.
 */
export async function compareServers(
  queries: readonly AskedQuery[],
  { server, against }: { server: UdpAsker; against: UdpAsker },
  manner: CompareManner,
): Promise<DiffReport> {
  const pacer = new Pacer(manner.rate / 2)
  const byKind: Record<DifferenceKind, number> = { lost: 0, rcode: 0, answers: 0, scope: 0, ttl: 0 }
  const examples: AnswerDifference[] = []
  const ttls = new Map<string, NameTtls>()
  let different = 0
  let asked = 0

  async function compareOne(query: AskedQuery): Promise<void> {
    const ours = new SeenAnswers()
    const theirs = new SeenAnswers()
    do {
      await pacer.turn()
      const [our, their] = await Promise.all([server.ask(query), against.ask(query)])
      ours.add(our && summarise(our, query))
      theirs.add(their && summarise(their, query))
      asked += 2
    } while (ours.asked < manner.asks && !isSettled(ours, theirs))
    addTtls(ttls, query, ours, theirs)
    const kinds = differencesOf(ours, theirs, Math.min(OFTEN, ours.asked))
    for (const kind of kinds) {
      byKind[kind]++
      if (byKind[kind] <= manner.examples) examples.push(exampleOf(kind, query, ours, theirs))
    }
    if (kinds.some((kind) => !manner.ignored.has(kind))) different++
  }

  let next = 0
  const work = async (): Promise<void> => {
    for (let query = queries[next++]; query !== undefined; query = queries[next++]) await compareOne(query)
  }
  await Promise.all(Array.from({ length: Math.min(manner.concurrency, queries.length) }, work))
  const apart = [...ttls.values()].filter(({ ours, theirs }) => areApart(ours, theirs))
  byKind.ttl = apart.length
  examples.push(...apart.slice(0, manner.examples).map(ttlExample))
  return { queries: queries.length, equal: queries.length - different, different, asked, byKind, examples }
}

function isSettled(ours: SeenAnswers, theirs: SeenAnswers): boolean {
  if (ours.lost > 0 || theirs.lost > 0) return true
  return agree(ours, theirs) || (ours.asked >= OFTEN && ours.isConstant && theirs.isConstant)
}

/** Of two that draw evenly from two answers, one in thirty thousand questions looks like a difference. */
const OFTEN = 8

/** The TTLs of a name and type over all clients. */
interface NameTtls {
  readonly name: string
  readonly type: string
  readonly ours: number[]
  readonly theirs: number[]
}

function addTtls(all: Map<string, NameTtls>, query: AskedQuery, ours: SeenAnswers, theirs: SeenAnswers): void {
  const [name, type] = [printName(query.qname), printRtype(query.qtype)]
  const key = `${name} ${type}`
  const known = all.get(key) ?? { name, type, ours: [], theirs: [] }
  all.set(key, known)
  known.ours.push(...ours.ttls)
  known.theirs.push(...theirs.ttls)
}

/** Whether no TTL of one server lies between those of the other: TTLs move with health, bounds do not. */
function areApart(ours: readonly number[], theirs: readonly number[]): boolean {
  const [our, their] = [rangeOf(ours), rangeOf(theirs)]
  return our !== null && their !== null && (our.max < their.min || their.max < our.min)
}

function rangeOf(ttls: readonly number[]): SideReport['ttl'] {
  if (ttls.length === 0) return null
  return { min: ttls.reduce((a, b) => Math.min(a, b)), max: ttls.reduce((a, b) => Math.max(a, b)) }
}

function ttlExample({ name, type, ours, theirs }: NameTtls): AnswerDifference {
  const side = (ttls: readonly number[]): SideReport => ({ rcodes: [], answers: [], ttl: rangeOf(ttls), scopes: [] })
  return { kind: 'ttl', name, type, client: null, server: side(ours), against: side(theirs) }
}

function exampleOf(kind: DifferenceKind, query: AskedQuery, ours: SeenAnswers, theirs: SeenAnswers): AnswerDifference {
  return {
    kind,
    name: printName(query.qname),
    type: printRtype(query.qtype),
    client: query.client === undefined ? null : printPrefix(query.client),
    server: sideOf(ours),
    against: sideOf(theirs),
  }
}

function sideOf({ rcodes, records, ttls, scopes }: SeenAnswers): SideReport {
  return {
    rcodes: [...rcodes.keys()].sort(),
    answers: [...records.keys()].sort(),
    ttl: rangeOf(ttls),
    scopes: [...scopes].sort((a, b) => a - b),
  }
}
