import type { AnswerSummary } from './answer-summary.ts'

/** What one server said to one question, asked once or several times. */
export class SeenAnswers {
  asked = 0
  lost = 0
  /** How often each response code came. */
  readonly rcodes: Map<string, number> = new Map()
  /** In how many answers each record was. */
  readonly records: Map<string, number> = new Map()
  readonly scopes: Set<number> = new Set()
  readonly ttls: number[] = []
  readonly #sets: Set<string> = new Set()

  add(summary: AnswerSummary | undefined): void {
    this.asked++
    if (summary === undefined) {
      this.lost++
      return
    }
    count(this.rcodes, summary.rcode)
    for (const record of summary.answers) count(this.records, record)
    this.#sets.add(summary.answers.join(' '))
    if (summary.scope !== undefined) this.scopes.add(summary.scope)
    if (summary.ttl !== undefined) this.ttls.push(summary.ttl)
  }

  /** Whether every answer was the same. */
  get isConstant(): boolean {
    return this.#sets.size <= 1 && this.rcodes.size <= 1
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

export type DifferenceKind = 'lost' | 'rcode' | 'answers' | 'scope' | 'ttl'

/**
 * How two servers differ on one question. What one gave so often and the other never counts; what is drawn rarely may be
 * missed by chance. TTLs are compared by name, over all clients.
 */
export function differencesOf(one: SeenAnswers, other: SeenAnswers, often: number): DifferenceKind[] {
  const isSilent = (seen: SeenAnswers): boolean => seen.lost === seen.asked
  if (isSilent(one) || isSilent(other)) return isSilent(one) && isSilent(other) ? [] : ['lost']
  const kinds: DifferenceKind[] = []
  if (isOneSided(one.rcodes, other.rcodes, often)) kinds.push('rcode')
  if (isOneSided(one.records, other.records, often)) kinds.push('answers')
  const isSameScope = one.scopes.size === other.scopes.size && [...one.scopes].every((scope) => other.scopes.has(scope))
  if (!isSameScope) kinds.push('scope')
  return kinds
}

/** Whether the same records and response codes were seen of both. */
export function agree(one: SeenAnswers, other: SeenAnswers): boolean {
  return !isOneSided(one.rcodes, other.rcodes, 1) && !isOneSided(one.records, other.records, 1)
}

function isOneSided(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>, often: number): boolean {
  const hasOwn = (mine: ReadonlyMap<string, number>, theirs: ReadonlyMap<string, number>): boolean =>
    [...mine].some(([key, times]) => times >= often && !theirs.has(key))
  return hasOwn(one, other) || hasOwn(other, one)
}
