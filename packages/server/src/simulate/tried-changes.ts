import { type KnownNames, type Override, type OverrideTarget, readOverrideTarget } from '@windrose/health'
import { Verdict } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import type { WhatIf } from './read-what-if.ts'
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

/** Reads targets by the names of the configuration after the change. What is wrong is a sentence. */
export function readChanges(
  { kill, drain, set }: Pick<WhatIf, 'kill' | 'drain' | 'set'>,
  configuration: ServedConfiguration,
): TriedChanges | { readonly problem: string } {
  const known = namesOf(configuration)
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

/** The names that targets can speak of. */
export function namesOf({ sites, services, endpoints }: ServedConfiguration): KnownNames {
  return {
    sites: sites.map(({ name }) => name),
    services: services.map(({ name }) => name),
    endpoints: endpoints.map(({ endpoint }) => endpoint.id),
  }
}
