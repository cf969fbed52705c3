import { decideFor } from '@windrose/nameserver'
import {
  type Endpoint,
  type Family,
  type Move,
  movesBetween,
  NOBODY,
  type Outcome,
  outcomeOf,
  type Service,
} from '@windrose/steering'
import type { Side } from '../what-if/side.ts'

/** A service as one side serves it; undefined where it does not have it. */
export interface SidedService {
  readonly side: Side
  readonly service: Service | undefined
  /** The number of an endpoint's site. */
  readonly siteOf: (endpoint: Endpoint) => number
}

/**
 * Where the clients of a service go, by their classes on both sides.
 *
 * Each class is decided for once on each side. Few outcomes are different, and each pair of them is compared once.
 */
export class ServiceMoves {
  readonly #before: ClassOutcomes
  readonly #after: ClassOutcomes
  readonly #sameBuckets: boolean
  /** By pair of outcomes. */
  readonly #moves: Map<number, KnownMoves> = new Map()

  constructor(before: SidedService, after: SidedService, family: Family) {
    this.#before = new ClassOutcomes(before, family)
    this.#after = new ClassOutcomes(after, family)
    this.#sameBuckets = before.service?.name === after.service?.name
  }

  of(classBefore: number, classAfter: number): readonly Move[] {
    return this.#find(classBefore, classAfter).moves
  }

  /** The share of the clients that is sent to another site. */
  moved(classBefore: number, classAfter: number): number {
    return this.#find(classBefore, classAfter).moved
  }

  #find(classBefore: number, classAfter: number): KnownMoves {
    const before = this.#before.of(classBefore)
    const after = this.#after.of(classAfter)
    const key = before.number * OUTCOMES + after.number
    const known = this.#moves.get(key)
    if (known !== undefined) return known
    const moves = movesBetween(before.outcome, after.outcome, this.#sameBuckets)
    const moved = moves.reduce((sum, { from, to, share }) => (from === to ? sum : sum + share), 0)
    this.#moves.set(key, { moves, moved })
    return { moves, moved }
  }
}

interface KnownMoves {
  readonly moves: readonly Move[]
  readonly moved: number
}

/** More than there are classes. */
const OUTCOMES = 2 ** 24

interface NumberedOutcome {
  readonly number: number
  readonly outcome: Outcome
}

class ClassOutcomes {
  readonly #sided: SidedService
  readonly #family: Family
  readonly #byClass: Map<number, NumberedOutcome> = new Map()
  /** Each distinct outcome once. */
  readonly #distinct: Map<string, NumberedOutcome> = new Map()

  constructor(sided: SidedService, family: Family) {
    this.#sided = sided
    this.#family = family
  }

  of(clientClass: number): NumberedOutcome {
    const known = this.#byClass.get(clientClass)
    if (known !== undefined) return known
    const outcome = this.#decide(clientClass)
    const key = `${[...outcome.shares].join(' ')} ${outcome.buckets?.join() ?? ''}`
    const numbered = this.#distinct.get(key) ?? { number: this.#distinct.size, outcome }
    this.#distinct.set(key, numbered)
    this.#byClass.set(clientClass, numbered)
    return numbered
  }

  #decide(clientClass: number): Outcome {
    const { side, service, siteOf } = this.#sided
    if (service === undefined) return NOWHERE
    const key = { service: service.index, isIpv6: this.#family === 'ipv6', clientClass }
    return outcomeOf(decideFor(side.snapshot, key), siteOf)
  }
}

const NOWHERE: Outcome = { shares: new Map([[NOBODY, 1]]), buckets: undefined }
