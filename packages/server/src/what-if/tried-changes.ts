import { type Override, type OverrideTarget, readOverrideTarget } from '@windrose/health'
import { Verdict } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { knownNames } from '../control/known-names.ts'
import type { SimulationRequest } from '../control/simulate-types.ts'
import type { AssumedVerdict } from './verdict-tables.ts'

/** What is tried, as verdicts that checks are taken to give and drains that somebody is taken to make. */
export interface TriedChanges {
  readonly assumed: readonly AssumedVerdict[]
  readonly drains: readonly Override[]
  /** In words. */
  readonly changes: readonly string[]
  /** Sentences about targets that match nothing. */
  readonly warnings: readonly string[]
}

export const NO_CHANGES: TriedChanges = { assumed: [], drains: [], changes: [], warnings: [] }

/** What is to be tried, as it was asked for. */
export type WishedChanges = Required<Pick<SimulationRequest, 'kill' | 'drain' | 'set'>>

/** Reads targets by the names of the configuration after the change. What is wrong is a sentence. */
export function readChanges(
  { kill, drain, set }: WishedChanges,
  configuration: ServedConfiguration,
): TriedChanges | { readonly problem: string } {
  const known = knownNames(configuration)
  const assumed: AssumedVerdict[] = []
  const drains: Override[] = []
  const changes: string[] = []
  const warnings: string[] = []
  const wishes = [
    ...kill.map((site) => ({ target: `site:${site}`, state: 'down' as const, change: `kill ${site}` })),
    ...drain.map((site) => ({ target: `site:${site}`, state: 'drained' as const, change: `drain ${site}` })),
    ...set.map(({ target, state }) => ({ target, state, change: `set ${target}=${state}` })),
  ]
  for (const { target: text, state, change } of wishes) {
    const read = readOverrideTarget(text, known)
    if ('problem' in read) return read
    if (read.warning !== undefined) warnings.push(read.warning)
    changes.push(change)
    if (state === 'drained') drains.push(drainOf(read.target))
    else assumed.push({ target: read.target, verdict: Verdict[state] })
  }
  return { assumed, drains, changes, warnings }
}

/** As if it were made right now, after all that are there. */
function drainOf(target: OverrideTarget): Override {
  return { id: 'what-if', target, action: 'drain', reason: '', author: '', createdAt: Number.POSITIVE_INFINITY }
}
