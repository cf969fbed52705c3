import { Verdict } from '@windrose/steering'
import type { HalfTarget } from './step.ts'
import { GLOBAL, type TargetState } from './target-state.ts'

/** By vantage, on how many targets it has ever had a verdict. */
export type VotedTargets = ReadonlyMap<string, number>

/** The part of a view that counts. */
type Voted = { readonly voted: Verdict } | undefined

/** Goes on from a count while targets change, one after the other. */
export class VotedCount {
  readonly #before: VotedTargets
  #count: Map<string, number> | undefined

  constructor(before: VotedTargets) {
    this.#before = before
  }

  /** As it is now; the one that it began with, while that is right. */
  get count(): VotedTargets {
    return this.#count ?? this.#before
  }

  /** A target is to be another. */
  change(before: TargetState | undefined, after: TargetState): void {
    for (const [vantage, view] of before?.vantages ?? []) this.#change(vantage, view, after.vantages.get(vantage))
    for (const [vantage, view] of after.vantages) {
      if (before?.vantages.has(vantage) !== true) this.#change(vantage, undefined, view)
    }
  }

  /** So much is noted of one: the rest of a step makes no other vote of it. */
  note({ before, views }: HalfTarget): void {
    for (const { poll, before: view, noted } of views) {
      if (poll.view !== GLOBAL) this.#change(poll.view, view, noted)
    }
    for (const [vantage, view] of before?.vantages ?? []) {
      if (!views.some(({ poll }) => poll.view === vantage)) this.#change(vantage, view, undefined)
    }
  }

  #change(vantage: string, before: Voted, after: Voted): void {
    const change = Number(hasVoted(after)) - Number(hasVoted(before))
    if (change === 0) return
    this.#count ??= new Map(this.#before)
    const now = (this.#count.get(vantage) ?? 0) + change
    if (now > 0) this.#count.set(vantage, now)
    else this.#count.delete(vantage)
  }
}

function hasVoted(view: Voted): boolean {
  return view !== undefined && view.voted !== Verdict.unknown
}
