import {
  type Assignment,
  type CapacityRule,
  DEFAULT_STEP,
  demandWeight,
  loadsOf,
  type Placement,
  type Workload,
} from '@windrose/steering'
import { SeededRandom } from '../load/seeded-random.ts'
import { demandAt, EVENTS, INTERVAL_S, STEPS_A_DAY } from './day-demand.ts'
import { DayReports } from './day-reports.ts'
import type { DayWorld } from './day-world.ts'
import { TurnCounter } from './turn-counter.ts'

/** How a day went. */
export interface DayReport {
  /** Of sites and intervals, the largest load by capacity, as users made it: late by a TTL, with demand as it then was. */
  readonly peakUse: number
  /** The largest while a site is down. */
  readonly peakUseInOutage: number
  /** Site-minutes in which users' load was above a site's target by more than 2 %, while others that are up had room for it. */
  readonly minutesOver: number
  /** Recomputations in a row that left some site above its target though more could be moved. */
  readonly longestRelief: number
  /** How many times over the whole demand changed its site. */
  readonly moved: number
  /** The largest part of an area that capacity moved in one recomputation; what health moved is not in it. */
  readonly largestStep: number
  /** The most often that an area's share of a site turned round by more than 1 % in one hour. */
  readonly turnsAnHour: number
  /** Kilometres from a query to its site, in the mean. */
  readonly kilometres: number
}

/**
 * Plays a day in steps of ten seconds. Each time the rule is given what was counted so far, smoothed, and its shares reach
 * users over a TTL of 30 s, when demand has already changed.
 *
 * With `isReported` sites say their load, each in a unit of its own, and nobody is told what a query costs there.
 */
export function playDay(world: DayWorld, rule: CapacityRule, isReported = false): DayReport {
  const width = world.sites.length
  const random = new SeededRandom(1)
  const demand = demandAt(world, 0, random)
  const turns = new TurnCounter(world.areas.length * width, 3600 / INTERVAL_S)
  const reports = isReported ? new DayReports(world.sites.map(({ capacity }) => capacity)) : undefined
  const felt = { peakUse: 0, peakUseInOutage: 0, siteIntervalsOver: 0, kilometres: 0, queries: 0 }
  let served: Float64Array | undefined
  let previous: Assignment | undefined
  let relief = 0
  let longestRelief = 0
  let moved = 0
  let largestStep = 0
  for (let step = 0; step < STEPS_A_DAY; step++) {
    const workload = workloadAt(world, step, { demand, reports })
    const placement = rule(workload, previous, DEFAULT_STEP)
    const { shares } = placement.assignment
    if (previous !== undefined) {
      const change = compare(workload, previous, placement)
      moved += change.moved
      largestStep = Math.max(largestStep, change.largest)
      turns.add(shares)
    }
    relief = sum(placement.excess) - sum(placement.unspilled) > 1e-6 * sum(demand) ? relief + 1 : 0
    longestRelief = Math.max(longestRelief, relief)
    served = follow(served, shares)
    const counted = demandAt(world, step + 1, random)
    const asked = { ...workload, demand: counted }
    if (step >= FIRST_FELT) feel(world, { workload: asked, served, dearness: reports?.dearness(step) ?? 1 }, felt)
    reports?.note(step, loadsOf(asked, served), loadsOf(asked, shares))
    counted.forEach((load, area) => {
      demand[area]! += (load - demand[area]!) * demandWeight(INTERVAL_S * 1000)
    })
    previous = placement.assignment
  }
  return {
    peakUse: felt.peakUse,
    peakUseInOutage: felt.peakUseInOutage,
    minutesOver: (felt.siteIntervalsOver * INTERVAL_S) / 60,
    longestRelief,
    moved: moved / (felt.queries / (STEPS_A_DAY - FIRST_FELT)),
    largestStep,
    turnsAnHour: turns.most,
    kilometres: felt.kilometres / felt.queries,
  }
}

/** It begins with everybody at home and, where loads are reported, with nothing known: those ten minutes are not the day's. */
const FIRST_FELT = 600 / INTERVAL_S

function workloadAt(
  world: DayWorld,
  step: number,
  { demand, reports }: { readonly demand: Float64Array; readonly reports: DayReports | undefined },
): Workload {
  const down = siteDown(world, step)
  return {
    sites: world.sites.map(
      ({ capacity }, site) => reports?.limits(site) ?? { capacity, target: 0.8, low: 0.65, reportAge: 0 },
    ),
    demand,
    preference: down < 0 ? world.order : world.order.map((list) => list.filter((site) => site !== down)),
    cost: world.distances,
  }
}

function siteDown({ sites }: DayWorld, step: number): number {
  const hour = (step * INTERVAL_S) / 3600
  const { site, from, until } = EVENTS.outage
  return hour >= from && hour < until ? sites.findIndex(({ name }) => name === site) : -1
}

/** What moved between two assignments: load in all, and the largest part of an area that no change of health explains. */
function compare(
  { sites, demand, preference }: Workload,
  before: Assignment,
  { assignment }: Placement,
): { moved: number; largest: number } {
  let moved = 0
  let largest = 0
  demand.forEach((load, area) => {
    const row = area * sites.length
    const isHealth = before.homes[area] !== assignment.homes[area]
    let part = 0
    let gone = 0
    for (let site = 0; site < sites.length; site++) {
      const lost = Math.max(0, before.shares[row + site]! - assignment.shares[row + site]!)
      part += lost
      if (!Array.from(preference[area]!).includes(site)) gone += lost
    }
    moved += part * load
    if (!isHealth) largest = Math.max(largest, part - gone)
  })
  return { moved, largest }
}

/** A third of the users asks again in each interval: the TTL is three of them. */
function follow(served: Float64Array | undefined, shares: Float64Array): Float64Array {
  return served === undefined ? shares : served.map((share, cell) => share + (shares[cell]! - share) / 3)
}

interface Interval {
  readonly workload: Workload
  readonly served: Float64Array
  /** What a query costs, against the mean of the day. */
  readonly dearness: number
}

/** What users make of it in the next interval. Those who still have the address of a site that is down are nobody's load. */
function feel(
  world: DayWorld,
  { workload, served, dearness }: Interval,
  felt: { peakUse: number; peakUseInOutage: number; siteIntervalsOver: number; kilometres: number; queries: number },
): void {
  const isUp = world.sites.map((_, site) => workload.preference.some((list) => Array.from(list).includes(site)))
  const loads = loadsOf(workload, served).map((load) => load * dearness)
  const use = world.sites.map(({ capacity }, site) => (isUp[site] ? loads[site]! / capacity : 0))
  felt.peakUse = Math.max(felt.peakUse, ...use)
  if (isUp.includes(false)) felt.peakUseInOutage = Math.max(felt.peakUseInOutage, ...use)
  const room = sum(
    world.sites.map(({ capacity }, site) => (isUp[site] ? Math.max(0, 0.8 * capacity - loads[site]!) : 0)),
  )
  const over = world.sites.map(({ capacity }, site) => (use[site]! > 0.8 * 1.02 ? loads[site]! - 0.8 * capacity : 0))
  if (sum(over) <= room) felt.siteIntervalsOver += over.filter((load) => load > 0).length
  for (let cell = 0; cell < served.length; cell++) {
    const load = served[cell]! * workload.demand[Math.floor(cell / world.sites.length)]!
    felt.queries += load
    felt.kilometres += load * workload.cost[cell]!
  }
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
