import { nameKey, printName, printRtype } from '@windrose/dns'
import { printAddress, printPrefix } from '@windrose/ip'
import { Rehearsal, type RehearsedQuestion, rehearse, type Snapshot } from '@windrose/nameserver'
import type {
  ChangedAspect,
  ReplayBody,
  ReplayedAnswerBody,
  ReplayedChangeBody,
  ReplayedNameBody,
} from '../control/replay-types.ts'
import type { QueryLog, RecordedQuery } from '../what-if/read-query-log.ts'
import { type AnswerSets, answerSets } from './answer-sets.ts'

/** The part of a replay that is computed from both sides. */
export type ReplayedQueries = Pick<
  ReplayBody,
  'lines' | 'queries' | 'changed' | 'aspects' | 'names' | 'badLines' | 'badLinesLeftOut'
>

/**
 * Asks two snapshots the same queries, and says which answers differ, and how. Every answer is made by the name server
 * itself, for every draw it may make; what it gave for one client of a class it gives for all of them, and is not asked for
 * again.
 */
export function replay(log: QueryLog, one: Snapshot, other: Snapshot): ReplayedQueries {
  const [before, after] = [new ReplayedSide(one), new ReplayedSide(other)]
  const names = new Map<string, NameTally>()
  const aspects: Record<ChangedAspect, number> = { records: 0, ttl: 0, scope: 0, rcode: 0 }
  for (const query of log.queries) {
    const key = questionKey(query)
    const question = rehearse(query)
    const from = before.answer(question, key)
    const to = after.answer(question, key)
    const changed = ASPECTS.filter((aspect) => differs(aspect, from, to))
    const tally = names.get(key) ?? new NameTally(query)
    names.set(key, tally)
    tally.add(query, changed, from, to)
    for (const aspect of changed) aspects[aspect] += query.count
  }
  const printed = [...names.values()].map((tally) => tally.print())
  const sum = (pick: (name: ReplayedNameBody) => number): number =>
    printed.reduce((total, name) => total + pick(name), 0)
  return {
    lines: log.queries.length,
    queries: sum(({ queries }) => queries),
    changed: sum(({ changed }) => changed),
    aspects,
    names: printed.sort((a, b) => b.changed - a.changed || b.queries - a.queries || (a.name < b.name ? -1 : 1)),
    badLines: log.bad.slice(0, BAD_LINES_MAX),
    badLinesLeftOut: Math.max(0, log.bad.length - BAD_LINES_MAX),
  }
}

const ASPECTS: readonly ChangedAspect[] = ['rcode', 'records', 'ttl', 'scope']
const BAD_LINES_MAX = 100

interface ReplayedAnswer {
  readonly sets: AnswerSets
  readonly scope: number | null
}

/** One of the snapshots, with the answers that are known. */
class ReplayedSide {
  readonly #rehearsal: Rehearsal
  readonly #known: Map<string, AnswerSets> = new Map()

  constructor(snapshot: Snapshot) {
    this.#rehearsal = new Rehearsal(snapshot)
  }

  /** `name` is equal for questions for one name and type. */
  answer(question: RehearsedQuestion, name: string): ReplayedAnswer {
    const { key, scope = null } = this.#rehearsal.source(question)
    const known = this.#known.get(`${name} ${key}`)
    const sets = known ?? answerSets(this.#rehearsal.likelyAnswers(question))
    if (known === undefined) this.#known.set(`${name} ${key}`, sets)
    return { sets, scope }
  }
}

function differs(aspect: ChangedAspect, from: ReplayedAnswer, to: ReplayedAnswer): boolean {
  switch (aspect) {
    case 'rcode':
      return from.sets.rcode !== to.sets.rcode
    case 'records':
      return from.sets.recordsKey !== to.sets.recordsKey
    case 'ttl':
      return from.sets.ttl !== to.sets.ttl
    case 'scope':
      return from.scope !== to.scope
  }
}

/** The changes of one name and type, those that are alike counted together. */
class NameTally {
  readonly #query: RecordedQuery
  readonly #changes: Map<
    string,
    ReplayedChangeBody & { queries: number; examples: ReplayedChangeBody['examples'][number][] }
  > = new Map()
  #queries = 0
  #changed = 0

  constructor(query: RecordedQuery) {
    this.#query = query
  }

  add(query: RecordedQuery, aspects: readonly ChangedAspect[], from: ReplayedAnswer, to: ReplayedAnswer): void {
    this.#queries += query.count
    if (aspects.length === 0) return
    this.#changed += query.count
    const key = aspects.map((aspect) => `${aspect} ${keyOf(aspect, from)} ${keyOf(aspect, to)}`).join('\n')
    let change = this.#changes.get(key)
    if (change === undefined) {
      change = { aspects, queries: 0, from: pick(aspects, from), to: pick(aspects, to), examples: [] }
      this.#changes.set(key, change)
    }
    change.queries += query.count
    if (change.examples.length < EXAMPLES_MAX) change.examples.push(exampleOf(query))
  }

  print(): ReplayedNameBody {
    const changes = [...this.#changes.values()].sort((a, b) => b.queries - a.queries)
    return {
      name: printName(this.#query.qname),
      type: printRtype(this.#query.qtype),
      queries: this.#queries,
      changed: this.#changed,
      changes: changes.slice(0, CHANGES_MAX),
      changesLeftOut: Math.max(0, changes.length - CHANGES_MAX),
    }
  }
}

const EXAMPLES_MAX = 3
const CHANGES_MAX = 100

function keyOf(aspect: ChangedAspect, { sets, scope }: ReplayedAnswer): string {
  const values = { rcode: sets.rcode, records: sets.recordsKey, ttl: sets.ttl, scope }
  return String(values[aspect])
}

function pick(aspects: readonly ChangedAspect[], { sets, scope }: ReplayedAnswer): ReplayedAnswerBody {
  const { rcode, records, ttl } = sets
  const values = { rcode, records, ttl, scope }
  return Object.fromEntries(aspects.map((aspect) => [aspect, values[aspect]]))
}

function exampleOf({ line, client, resolver }: RecordedQuery): ReplayedChangeBody['examples'][number] {
  return { line, client: client === undefined ? null : printPrefix(client), resolver: printAddress(resolver) }
}

function questionKey({ qname, qtype }: RecordedQuery): string {
  return `${nameKey(qname)} ${qtype}`
}
