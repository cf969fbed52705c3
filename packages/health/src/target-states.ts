import { type TargetState, targetChangesAt } from './target-state.ts'

/**
 * The states of all targets by id. Immutable, and versions share what is the same in them: a change of one target copies a
 * shard of some targets and the list of shards, however many targets there are.
 *
 * A shard knows when time alone changes one of its targets first. So those that are due, like those that are new in a
 * version, are found without a look at all others.
 */
export class TargetStates implements ReadonlyMap<string, TargetState> {
  readonly size: number
  readonly #shards: readonly Shard[]

  private constructor(shards: readonly Shard[], size: number) {
    this.#shards = shards
    this.size = size
  }

  static of(states: Iterable<readonly [string, TargetState]>): TargetStates {
    return new TargetStates([EMPTY_SHARD], 0).with([...states])
  }

  /** With these in the place of what there was of the same ids; of each at most one. */
  with(changes: readonly (readonly [string, TargetState])[]): TargetStates {
    if (changes.length === 0) return this
    let { size } = this
    for (const [id] of changes) if (!this.has(id)) size++
    // The number of shards follows from that of the targets, so that their order does, too.
    const count = shardsFor(size)
    const isSpread = count === this.#shards.length
    const shards = isSpread ? [...this.#shards] : Array.from({ length: count }, () => EMPTY_SHARD)
    const moved = new Map<number, (readonly [string, TargetState])[]>()
    for (const change of isSpread ? changes : [...this, ...changes]) {
      const place = hashOf(change[0]) & (count - 1)
      const together = moved.get(place)
      if (together === undefined) moved.set(place, [change])
      else together.push(change)
    }
    for (const [place, together] of moved) shards[place] = mergeShard(shards[place]!, together)
    return new TargetStates(shards, size)
  }

  get(id: string): TargetState | undefined {
    const { ids, states } = this.#shards[this.#placeOf(id)]!
    const at = ids.indexOf(id)
    return at < 0 ? undefined : states[at]
  }

  has(id: string): boolean {
    return this.get(id) !== undefined
  }

  /** When time alone changes one of them first, in epoch milliseconds; Infinity if it does not. */
  changesAt(): number {
    return this.#shards.reduce((soonest, { changesAt }) => Math.min(soonest, changesAt), Number.POSITIVE_INFINITY)
  }

  /** Those that time alone has changed by then. */
  due(timeMs: number): string[] {
    const due: string[] = []
    for (const { changesAt, ids, states } of this.#shards) {
      if (changesAt <= timeMs) due.push(...ids.filter((_, at) => targetChangesAt(states[at]) <= timeMs))
    }
    return due
  }

  /** The ids of the targets that are not the same in an earlier version, or not there. */
  changedSince(before: TargetStates): string[] {
    const isAlike = this.#shards.length === before.#shards.length
    return this.#shards.flatMap((shard, place) => {
      if (isAlike && shard === before.#shards[place]) return []
      return shard.ids.filter((id, at) => before.get(id) !== shard.states[at])
    })
  }

  *entries(): MapIterator<[string, TargetState]> {
    for (const shard of this.#shards) yield* entriesOf(shard)
  }

  *keys(): MapIterator<string> {
    for (const { ids } of this.#shards) yield* ids
  }

  *values(): MapIterator<TargetState> {
    for (const { states } of this.#shards) yield* states
  }

  [Symbol.iterator](): MapIterator<[string, TargetState]> {
    return this.entries()
  }

  forEach(look: (state: TargetState, id: string, states: ReadonlyMap<string, TargetState>) => void): void {
    for (const [id, state] of this) look(state, id, this)
  }

  #placeOf(id: string): number {
    return hashOf(id) & (this.#shards.length - 1)
  }
}

/** Two lists of one length, ordered by id. */
interface Shard {
  readonly ids: readonly string[]
  readonly states: readonly TargetState[]
  readonly changesAt: number
}

const EMPTY_SHARD: Shard = { ids: [], states: [], changesAt: Number.POSITIVE_INFINITY }

function mergeShard(shard: Shard, changes: readonly (readonly [string, TargetState])[]): Shard {
  const ids = [...shard.ids]
  const states = [...shard.states]
  for (const [id, state] of changes) {
    const after = ids.findIndex((other) => other >= id)
    const place = after < 0 ? ids.length : after
    const isKnown = ids[place] === id
    ids.splice(place, isKnown ? 1 : 0, id)
    states.splice(place, isKnown ? 1 : 0, state)
  }
  return { ids, states, changesAt: Math.min(...states.map(targetChangesAt)) }
}

function entriesOf({ ids, states }: Shard): [string, TargetState][] {
  return ids.map((id, at) => [id, states[at]!])
}

/** A power of two that puts four to eight targets into a shard. */
function shardsFor(size: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(size / 8)))
}

/** FNV-1a over the last characters: those of an id, which is a digest, are as good as all. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let at = Math.max(0, id.length - 8); at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return hash
}
