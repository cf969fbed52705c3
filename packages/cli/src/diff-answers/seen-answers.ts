import type { AnswerSummary } from './answer-summary.ts'

/** What one server said to one question, asked once or several times. */
export class SeenAnswers {
  asked = 0
  lost = 0
  readonly rcodes: Set<string> = new Set()
  /** Every record that was in some answer. */
  readonly records: Set<string> = new Set()
  /** Every answer as a whole. */
  readonly sets: Set<string> = new Set()
  readonly scopes: Set<number> = new Set()
  readonly ttls: number[] = []

  add(summary: AnswerSummary | undefined): void {
    this.asked++
    if (summary === undefined) {
      this.lost++
      return
    }
    this.rcodes.add(summary.rcode)
    this.sets.add(summary.answers.join(' '))
    for (const record of summary.answers) this.records.add(record)
    if (summary.scope !== undefined) this.scopes.add(summary.scope)
    if (summary.ttl !== undefined) this.ttls.push(summary.ttl)
  }

  /** Whether every answer was the same. */
  get isConstant(): boolean {
    return this.sets.size <= 1 && this.rcodes.size <= 1
  }
}

export type DifferenceKind = 'lost' | 'rcode' | 'answers' | 'scope' | 'ttl'

/** How two servers differ on one question. TTLs are compared by name, over all clients. */
export function differencesOf(one: SeenAnswers, other: SeenAnswers): DifferenceKind[] {
  if (one.lost === one.asked || other.lost === other.asked)
    return one.lost === one.asked && other.lost === other.asked ? [] : ['lost']
  const kinds: DifferenceKind[] = []
  if (!equalSets(one.rcodes, other.rcodes)) kinds.push('rcode')
  if (!equalSets(one.records, other.records)) kinds.push('answers')
  if (!equalSets(one.scopes, other.scopes)) kinds.push('scope')
  return kinds
}

/** Whether answers and rcodes agree, as far as they were seen. */
export function agree(one: SeenAnswers, other: SeenAnswers): boolean {
  return equalSets(one.rcodes, other.rcodes) && equalSets(one.records, other.records)
}

function equalSets<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean {
  return one.size === other.size && [...one].every((value) => other.has(value))
}
