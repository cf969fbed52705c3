import type { LoadFigure } from '@windrose/health'
import { nextLoadFactor, nextSentLong } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** What is known of the load of a site that has a capacity. */
export interface SiteLoad {
  readonly site: string
  /** In `unit`; undefined where nobody knows. */
  readonly load: number | undefined
  readonly capacity: number
  readonly unit: string
  /**
   * Where `load` is from.
   *
   *   counted     answers are counted
   *   reported    endpoints say it now
   *   last        they said it last; once that is three intervals old, the site is left as it is
   *   estimated   nobody has said it for long: answers are counted, and each makes as much load as it last did
   *   unknown     nobody ever said it
   */
  readonly source: 'counted' | 'reported' | 'last' | 'estimated' | 'unknown'
  /** Milliseconds since it was said; undefined where it never was, or is counted. */
  readonly ageMs: number | undefined
  /** The load that one answer a second makes; undefined where nobody knows. */
  readonly factor: number | undefined
  /** Why endpoints do not say it, or what that means. */
  readonly problem: string | undefined
  /** How old it is in intervals of the check: what capacity freezes by. 0 where that does not matter. */
  readonly reportAge: number
}

/** What is remembered of a site's reports. */
export interface LoadMemory {
  readonly factor: number | undefined
  readonly figure: number | undefined
  /** When it was said, in milliseconds of a clock that nobody sets. */
  readonly at: number | undefined
  /** The answers a second that named the site, in the mean over as long as load may stay. */
  readonly sentLong: number | undefined
  /** When `sentLong` was reckoned, first and last. */
  readonly sentSince: number | undefined
  readonly sentAt: number | undefined
}

export const NOTHING_REPORTED: LoadMemory = {
  factor: undefined,
  figure: undefined,
  at: undefined,
  sentLong: undefined,
  sentSince: undefined,
  sentAt: undefined,
}

/**
 * Remembers one more look at what is reported. `sent`: the answers a second that named the site lately. It is the mean of the
 * last half minute or so, and so about as late as users are.
 */
export function rememberFigure(
  memory: LoadMemory,
  { said, sent, capacity, nowMs }: Pick<Looked, 'said' | 'sent' | 'nowMs'> & { readonly capacity: number },
): LoadMemory {
  const { sentSince = nowMs, sentAt = nowMs } = memory
  const sentLong = nextSentLong(memory.sentLong, sent, nowMs - sentAt, nowMs - sentSince)
  const counted = { sentLong, sentSince, sentAt: nowMs }
  if ('problem' in said) return { ...memory, ...counted }
  const reading = { reported: said.figure, reportedBefore: memory.figure, sent, sentLong }
  // At a fresh start users come by and by, and the load of all of them is there from the beginning.
  const isSettled = nowMs - sentSince >= SETTLED_MS && sent <= sentLong * SETTLED_GROWTH
  const isIdle = said.figure < capacity * IDLE_PART
  const saysNothing = isIdle || (memory.factor === undefined && !isSettled)
  const factor = saysNothing ? memory.factor : nextLoadFactor(memory.factor, reading, LEAST_SENT)
  return { factor, figure: said.figure, at: nowMs, ...counted }
}

type LimitedSite = Pick<ServedConfiguration['sites'][number], 'name'> & {
  readonly capacity: NonNullable<ServedConfiguration['sites'][number]['capacity']>
}

export interface Looked {
  readonly said: LoadFigure
  readonly memory: LoadMemory
  readonly sent: number
  /** What one answer a second is taken to make, for as long as nobody has seen it. */
  readonly guess: number | undefined
  readonly nowMs: number
}

export function reportedSiteLoad({ name, capacity }: LimitedSite, looked: Looked): SiteLoad {
  const { said, memory, sent, nowMs } = looked
  const factor = memory.factor ?? looked.guess
  const ageMs = memory.at === undefined ? undefined : nowMs - memory.at
  const base = { site: name, capacity: capacity.value, unit: capacity.unit, ageMs, factor }
  const interval = capacity.reported?.intervalMs ?? 0
  if ('figure' in said) {
    const isCosted = factor !== undefined
    const problem = isCosted
      ? undefined
      : 'too few answers have named the site, or it has too little load, to tell what one makes there'
    const reportAge = isCosted ? 0 : Number.POSITIVE_INFINITY
    return { ...base, ageMs: 0, load: said.figure, source: 'reported', problem, reportAge }
  }
  const { problem } = said
  if (factor === undefined) {
    return { ...base, load: memory.figure, source: 'unknown', problem, reportAge: Number.POSITIVE_INFINITY }
  }
  if (ageMs !== undefined && ageMs <= HELD_MS) {
    return { ...base, load: memory.figure, source: 'last', problem, reportAge: interval > 0 ? ageMs / interval : 0 }
  }
  return { ...base, load: sent * factor, source: 'estimated', problem, reportAge: 0 }
}

export function countedSiteLoad({ name, capacity }: LimitedSite, sent: number): SiteLoad {
  const { value, unit } = capacity
  const known = { ageMs: undefined, factor: 1, problem: undefined, reportAge: 0 }
  return { site: name, load: sent, capacity: value, unit, source: 'counted', ...known }
}

/** Answers a second below which a report says nothing about what one makes: fewer than a few dozen in the time of the mean. */
const LEAST_SENT = 0.5
/** How long answers must have been counted, and by how much they may have grown, for a first reading to be believed. */
const SETTLED_MS = 20_000
const SETTLED_GROWTH = 1.25
/** The load of a site that has less than this part of its capacity is mostly its own, and not of users. */
const IDLE_PART = 0.02
/** How long a site is left as it is when its reports fail; they do so under load first of all. */
const HELD_MS = 300_000
