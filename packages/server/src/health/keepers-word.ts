import {
  decodeTargetState,
  type HealthState,
  replaceTargets,
  type TargetState,
  TargetStates,
  type ViewState,
} from '@windrose/health'
import { Verdict } from '@windrose/steering'

/**
 * What the keeper wrote last of each target. This server steps by itself on what it hears, and what it hears in another
 * order than the keeper, or the keeper not at all because it was busy, may leave something behind that the keeper knows
 * nothing of and so never writes about: a failure to pay for, a hold-down. What this server holds against the keeper's
 * word for longer than a while, and does not make of that word and its own reports, it gives up.
 */
export class KeepersWord {
  #words: TargetStates = TargetStates.of([])
  /** What this server had at the last look where that was not the keeper's word. */
  #own: ReadonlyMap<string, TargetState> = new Map()

  /** All of them, or those of some targets. */
  take(words: readonly (readonly [string, TargetState])[], whole: boolean): void {
    this.#words = whole ? TargetStates.of(words) : this.#words.with(words)
  }

  /** What is to be called now and then: what differs from the word at two calls in a row is looked at. */
  verify(state: HealthState, step: (state: HealthState, ids: ReadonlySet<string>) => HealthState): HealthState {
    const disputed = this.#words.changedSince(state.targets).filter((id) => state.targets.has(id))
    const own = new Map(disputed.map((id) => [id, state.targets.get(id)!]))
    const lasting = disputed.filter((id) => this.#own.get(id) === own.get(id))
    this.#own = own
    if (lasting.length === 0) return state
    const made = this.#stepOn(state, lasting, step)
    const different = lasting.filter((id) => wordsOf(made.targets.get(id)) !== wordsOf(state.targets.get(id)))
    return different.length === 0 ? state : this.#stepOn(state, different, step)
  }

  #stepOn(state: HealthState, ids: readonly string[], step: Parameters<KeepersWord['verify']>[1]): HealthState {
    const words = ids.map((id) => [id, adoptWord(state.targets.get(id), this.#words.get(id)!)] as const)
    return step(replaceTargets(state, words), new Set(ids))
  }
}

/** What the keeper wrote of the targets that are watched. */
export function readWords(
  states: ReadonlyMap<string, Uint8Array>,
  watched: { has(id: string): boolean },
  onRefused: (problem: string) => void,
): readonly (readonly [string, TargetState])[] {
  const words: [string, TargetState][] = []
  for (const [id, octets] of states) {
    if (!watched.has(id)) continue
    const word = decodeTargetState(octets)
    if ('problem' in word) onRefused(`the state of a target: ${word.problem}`)
    else words.push([id, word])
  }
  return words
}

/**
 * The keeper's word on a target, to step on from, without what it says of views in which it has not heard yet that the
 * target went down. This server has heard and believed it: from the word on, it would go down once more, together with
 * all else of which the keeper has not heard, and that is what the brake takes for a fault of those who look.
 */
export function adoptWord(own: TargetState | undefined, word: TargetState): TargetState {
  if (own === undefined) return word
  const global = isAhead(own.global, word.global) ? own.global : word.global
  const vantages = new Map(
    [...word.vantages].map(([name, view]) => {
      const mine = own.vantages.get(name)
      return [name, mine !== undefined && isAhead(mine, view) ? mine : view]
    }),
  )
  return { global, vantages }
}

function isAhead(own: ViewState, word: ViewState): boolean {
  const isDown = own.verdict === Verdict.down && own.voted === Verdict.down && !own.stale
  return isDown && word.voted === Verdict.up
}

/** The verdicts of all views, in one text. */
function wordsOf(target: TargetState | undefined): string {
  const views: [string, Verdict][] = [...(target?.vantages ?? [])].map(([name, { verdict }]) => [name, verdict])
  return JSON.stringify([target?.global.verdict, ...views])
}
