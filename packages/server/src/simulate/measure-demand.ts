import { Rehearsal, rehearse, type Steering } from '@windrose/nameserver'
import { type Move, movesBetween, NOBODY, type Outcome, outcomeOf, outcomeOfVariant } from '@windrose/steering'
import type { DemandBody } from '../control/simulate-types.ts'
import type { QueryLog, RecordedQuery } from '../what-if/read-query-log.ts'
import { capacitiesOf } from './judge-capacity.ts'
import { MoveSums } from './move-sums.ts'
import type { SidedService } from './service-moves.ts'
import type { SiteNumbers } from './site-numbers.ts'

/** Both sides, with how they number sites. */
export interface ComparedSides {
  readonly before: Omit<SidedService, 'service'>
  readonly after: Omit<SidedService, 'service'>
}

/** What recorded queries say of the clients. */
export interface Demand {
  readonly body: DemandBody
  /** By the name of the service that answers before the change, or else after it. */
  readonly services: ReadonlyMap<string, MoveSums>
}

/** Sends recorded queries to both sides. Each counts as often as it was asked. */
export function measureDemand(log: QueryLog, sides: ComparedSides, sites: SiteNumbers): Demand {
  const answering = new LoggedMoves(sides)
  const services = new Map<string, MoveSums>()
  const all = new MoveSums()
  let others = 0
  for (const query of log.queries) {
    const found = answering.of(query)
    if (found === undefined) {
      others += query.count
      continue
    }
    const sums = services.get(found.service) ?? new MoveSums()
    services.set(found.service, sums)
    sums.add(found.moves, query.count)
    all.add(found.moves, query.count)
  }
  return { body: printDemand(log, all, others, { sides, sites }), services }
}

interface FoundMoves {
  readonly service: string
  readonly moves: readonly Move[]
}

/** Finds the services that answer on both sides, and the moves of their clients; the same ones are compared once. */
class LoggedMoves {
  readonly #sides: ComparedSides
  readonly #before: Rehearsal
  readonly #after: Rehearsal
  readonly #known: Map<string, FoundMoves> = new Map()

  constructor(sides: ComparedSides) {
    this.#sides = sides
    this.#before = new Rehearsal(sides.before.side.snapshot)
    this.#after = new Rehearsal(sides.after.side.snapshot)
  }

  of(query: RecordedQuery): FoundMoves | undefined {
    const question = rehearse(query)
    const before = this.#before.steering(question)
    const after = this.#after.steering(question)
    if (before === undefined && after === undefined) return undefined
    const key = `${query.qtype} ${keyOf(before)} ${keyOf(after)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const sameBuckets = before?.service.name === after?.service.name
    const moves = movesBetween(
      outcomeFor(before, this.#sides.before),
      outcomeFor(after, this.#sides.after),
      sameBuckets,
    )
    const found = { service: (before ?? after)!.service.name, moves }
    this.#known.set(key, found)
    return found
  }
}

function keyOf(steering: Steering | undefined): string {
  if (steering === undefined) return '-'
  const { service, clientClass, variant } = steering
  return `${service.index} ${clientClass} ${variant ?? ''}`
}

function outcomeFor(steering: Steering | undefined, { siteOf }: ComparedSides['before']): Outcome {
  if (steering === undefined) return { shares: new Map([[NOBODY, 1]]), buckets: undefined }
  const { decision, variant } = steering
  // It is known which client this is: where answers are picked by client it is known which one it gets.
  return variant === undefined ? outcomeOf(decision, siteOf) : outcomeOfVariant(decision.variants[variant]!, siteOf)
}

function printDemand(
  { queries, bad }: QueryLog,
  all: MoveSums,
  others: number,
  { sides, sites }: { readonly sides: ComparedSides; readonly sites: SiteNumbers },
): DemandBody {
  const seconds = spanOf(queries)
  const capacities = capacitiesOf([sides.before, sides.after], sites)
  const [before, after] = [all.bySite('before'), all.bySite('after')]
  const rate = (count: number): number | null => (seconds === null ? null : count / seconds)
  return {
    queries: queries.reduce((sum, { count }) => sum + count, 0),
    others,
    badLines: bad.slice(0, BAD_LINES_MAX),
    badLinesLeftOut: Math.max(0, bad.length - BAD_LINES_MAX),
    seconds,
    sites: sites.names.map((site, number) => {
      const capacity = capacities.get(number) ?? null
      const rateAfter = rate(after.get(number) ?? 0)
      return {
        site,
        queriesBefore: before.get(number) ?? 0,
        queriesAfter: after.get(number) ?? 0,
        rateBefore: rate(before.get(number) ?? 0),
        rateAfter,
        capacity,
        exceeded: capacity === null || rateAfter === null ? null : rateAfter > capacity,
      }
    }),
  }
}

const BAD_LINES_MAX = 100

/** Seconds from the first query to the last; null where they do not tell a rate. */
function spanOf(queries: readonly RecordedQuery[]): number | null {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { timeMs } of queries) {
    if (timeMs === undefined) return null
    first = Math.min(first, timeMs)
    last = Math.max(last, timeMs)
  }
  return last - first >= 1000 ? (last - first) / 1000 : null
}
