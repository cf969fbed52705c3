import { type HealthState, replaceTargets, type TargetState, TargetStates } from '@windrose/health'
import type { Verdict } from '@windrose/steering'

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
    const words = ids.map((id) => [id, this.#words.get(id)!] as const)
    return step(replaceTargets(state, words), new Set(ids))
  }
}

/** The verdicts of all views, in one text. */
function wordsOf(target: TargetState | undefined): string {
  const views: [string, Verdict][] = [...(target?.vantages ?? [])].map(([name, { verdict }]) => [name, verdict])
  return JSON.stringify([target?.global.verdict, ...views])
}
