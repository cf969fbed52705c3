import fc from 'fast-check'
import type { CapacityRule, Placement } from './placement.ts'
import { type Assignment, NO_HOME, type Workload } from './workload.ts'
import { anyStorySeed, type StorySeed, tellStory } from './workloads.arbitraries.ts'

/** One recomputation: what there was, and what came of it. */
export interface Facts {
  readonly workload: Workload
  /** What was in force, with those whose site is gone or no longer preferred at the site that policy prefers now. */
  readonly before: readonly (readonly number[])[]
  readonly loadsBefore: readonly number[]
  /** By area: the share that health moves. */
  readonly displaced: readonly number[]
  readonly after: readonly (readonly number[])[]
  readonly placement: Placement
}

/**
 * What every way to place load promises, over random workloads that change from step to step.
 *
 * The suite works out by itself what was before, so it does not share mistakes with the code.
 */
export function obeysCapacityLaws(rule: CapacityRule, laws: readonly Law[], runs: number): void {
  test('obeys the laws of capacity, whatever the demand, the lists and what was before', () => {
    fc.assert(
      fc.property(anyStorySeed(6), (story) =>
        forEachStep(rule, story, (facts) => {
          expect(laws.filter((law) => !law(facts)).map(({ name }) => name)).toEqual([])
        }),
      ),
      { numRuns: runs },
    )
  })

  test('gives the same for the same, and leaves alone what it was given', () => {
    fc.assert(
      fc.property(anyStorySeed(4), (seed) => {
        const { times, start } = tellStory(seed)
        const run = (): Placement[] => {
          const placements: Placement[] = []
          for (const workload of times) placements.push(rule(workload, placements.at(-1)?.assignment ?? start, STEP))
          return placements
        }
        const first = run()
        expect(run()).toEqual(first)
        expect({ times, start }).toEqual(tellStory(seed))
      }),
      { numRuns: 200 },
    )
  })
}

/** Whether one recomputation keeps a promise; its name is what it promises. */
type Law = (facts: Facts) => boolean

/** No cascade: nobody's overload becomes another's. */
function noSiteIsPushedOverItsTarget({ workload, loadsBefore, placement }: Facts): boolean {
  return workload.sites.every(
    ({ capacity, target }, site) =>
      placement.loads[site]! <= Math.max(capacity * target, loadsBefore[site]!) + tolerance(workload),
  )
}

function noLoadIsLost({ workload, placement }: Facts): boolean {
  const placed = workload.demand.filter((_, area) => workload.preference[area]!.length > 0)
  return Math.abs(sum(placement.loads) - sum(placed)) <= tolerance(workload)
}

function rowsSumToOneOverWhatIsUp({ workload, after }: Facts): boolean {
  return after.every((row, area) => {
    const list = Array.from(workload.preference[area]!)
    const isWhole = Math.abs(sum(row) - (list.length > 0 ? 1 : 0)) < 1e-9
    return isWhole && row.every((share, site) => share === 0 || (share > 0 && list.includes(site)))
  })
}

/** Bounded step: but for those whom health moves. */
function noAreaMovesMoreThanAStep({ before, after, displaced }: Facts): boolean {
  return after.every((row, area) => {
    const moved = sum(row.map((share, site) => Math.max(0, share - before[area]![site]!)))
    return moved <= STEP + displaced[area]! + 1e-9
  })
}

/** Where a site's load is not known, its clients stay, but for those whom health moves, and nobody is moved there. */
function frozenSitesAreLeftAlone({ workload, before, after, displaced }: Facts): boolean {
  return after.every((row, area) =>
    workload.sites.every(
      ({ reportAge }, site) => reportAge <= 3 || Math.abs(row[site]! - before[area]![site]!) <= displaced[area]! + 1e-9,
    ),
  )
}

function whatIsReportedIsTrue({ workload, after, placement }: Facts): boolean {
  const most = tolerance(workload)
  return workload.sites.every(({ capacity, target }, site) => {
    const load = sum(after.map((row, area) => row[site]! * workload.demand[area]!))
    const isLoad = Math.abs(placement.loads[site]! - load) <= most
    return isLoad && Math.abs(placement.excess[site]! - Math.max(0, load - capacity * target)) <= most
  })
}

export const LAWS: readonly Law[] = [
  noLoadIsLost,
  rowsSumToOneOverWhatIsUp,
  noAreaMovesMoreThanAStep,
  frozenSitesAreLeftAlone,
  whatIsReportedIsTrue,
]
export const NO_CASCADE: Law = noSiteIsPushedOverItsTarget

export const STEP = 0.1

/** Runs a story, each time from what came out before. */
export function forEachStep(rule: CapacityRule, story: StorySeed, check: (facts: Facts) => void): void {
  const { times, start } = tellStory(story)
  let previous: Assignment | undefined = start
  for (const workload of times) {
    const placement = rule(workload, previous, STEP)
    if (previous !== undefined) check(readFacts(workload, previous, placement))
    previous = placement.assignment
  }
}

function readFacts(workload: Workload, previous: Assignment, placement: Placement): Facts {
  const displaced: number[] = []
  const before = workload.preference.map((list, area) => {
    const row = rowsOf(workload, previous.shares)[area]!
    const home = list[0] ?? NO_HOME
    const left = previous.homes[area] === home ? NO_HOME : previous.homes[area]!
    const kept = row.map((share, site) => (Array.from(list).includes(site) && site !== left ? share : 0))
    displaced.push(home === NO_HOME ? 0 : 1 - sum(kept))
    if (home !== NO_HOME) kept[home]! += displaced[area]!
    return kept
  })
  const loadsBefore = workload.sites.map((_, site) =>
    sum(before.map((row, area) => row[site]! * workload.demand[area]!)),
  )
  return { workload, before, loadsBefore, displaced, after: rowsOf(workload, placement.assignment.shares), placement }
}

function rowsOf({ demand, sites }: Workload, shares: Float64Array): number[][] {
  return Array.from(demand, (_, area) => Array.from(shares.subarray(area * sites.length, (area + 1) * sites.length)))
}

/** Rounding of sums of the workload's size. */
export function tolerance({ demand }: Workload): number {
  return 1e-9 * (1 + sum(demand))
}

export function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0)
}
