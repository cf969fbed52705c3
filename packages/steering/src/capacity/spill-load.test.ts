import fc from 'fast-check'
import { type Facts, forEachStep, LAWS, NO_CASCADE, obeysCapacityLaws, STEP, sum, tolerance } from './capacity.laws.ts'
import type { Placement } from './placement.ts'
import { spillLoad } from './spill-load.ts'
import type { Assignment, Workload } from './workload.ts'
import { anyStorySeed, assignment, rowOf, tellStory, workload } from './workloads.arbitraries.ts'

const ALL_AT_ONCE = 1

describe('spill', () => {
  const near = { demand: 60, costs: { fra: 100, iad: 6000 } }
  const far = { demand: 60, costs: { fra: 3000, iad: 5000 } }

  test('leaves everybody at the preferred site while that is below its target', () => {
    const world = workload({ sites: { fra: 160, iad: 100 }, areas: [near, far] })
    const { assignment: placed, loads, excess } = spillLoad(world, undefined, STEP)
    expect(rowOf(world, placed, 0)).toEqual([1, 0])
    expect(rowOf(world, placed, 1)).toEqual([1, 0])
    expect([...loads]).toEqual([120, 0])
    expect([...excess]).toEqual([0, 0])
  })

  test('moves only what is above the target, and of the farthest area', () => {
    const world = workload({ sites: { fra: 100, iad: 100 }, areas: [near, far] })
    const before = assignment(world, [
      [1, 0],
      [1, 0],
    ])
    const { assignment: placed, loads } = spillLoad(world, before, ALL_AT_ONCE)
    expect(rowOf(world, placed, 0)).toEqual([1, 0])
    expect(rowOf(world, placed, 1)).toEqual([20 / 60, 40 / 60].map((share) => Math.round(share * 1e9) / 1e9))
    expect([...loads]).toEqual([80, 40])
  })

  test('goes by steps, and says how much is still to go and how much never will', () => {
    const world = workload({ sites: { fra: 100, iad: 25 }, areas: [near, far] })
    const {
      assignment: placed,
      excess,
      unspilled,
    } = spillLoad(
      world,
      assignment(world, [
        [1, 0],
        [1, 0],
      ]),
      STEP,
    )
    // 40 too much, and room for 20: a step of both areas is 12.
    expect(rowOf(world, placed, 0)).toEqual([0.9, 0.1])
    expect(rowOf(world, placed, 1)).toEqual([0.9, 0.1])
    expect(excess[0]).toBeCloseTo(28)
    expect(unspilled[0]).toBeCloseTo(20)
  })

  test('goes down the list past a site that has only its reserve left', () => {
    const world = workload({
      sites: { fra: 100, iad: 100, sin: 100 },
      areas: [
        { demand: 100, costs: { fra: 1, iad: 2, sin: 3 } },
        { demand: 70, costs: { iad: 1, sin: 2, fra: 3 } },
      ],
    })
    const before = assignment(world, [
      [1, 0, 0],
      [0, 1, 0],
    ])
    const { assignment: placed, loads } = spillLoad(world, before, ALL_AT_ONCE)
    expect(rowOf(world, placed, 0)).toEqual([0.8, 0.06, 0.14])
    expect([...loads].map(Math.round)).toEqual([80, 76, 14])
  })

  test('uses reserves, up to the target and no further, where there is nothing else', () => {
    const world = workload({
      sites: { fra: 100, iad: 100 },
      areas: [
        { demand: 100, costs: { fra: 1, iad: 2 } },
        { demand: 70, costs: { iad: 1, fra: 2 } },
      ],
    })
    const before = assignment(world, [
      [1, 0],
      [0, 1],
    ])
    const { loads, unspilled } = spillLoad(world, before, ALL_AT_ONCE)
    expect([...loads]).toEqual([expect.closeTo(90), expect.closeTo(80)])
    expect(unspilled[0]).toBeCloseTo(10)
  })

  test.each([
    [0.66, [0.5, 0.5]],
    [0.64, [0.51 / 0.64 - 0.19 / 0.64, 0]],
  ])('comes back only below the low mark, and up to it: load %d', (load) => {
    const world = workload({
      sites: { fra: 100, iad: 1000 },
      areas: [{ demand: 2 * load * 100, costs: { fra: 1, iad: 2 } }],
    })
    const { assignment: placed } = spillLoad(world, assignment(world, [[0.5, 0.5]]), ALL_AT_ONCE)
    const atHome = rowOf(world, placed, 0)[0]!
    expect(atHome * world.demand[0]!).toBeCloseTo(load < 0.65 ? 65 : 66)
  })

  test('leaves all as it is at a site whose load nobody knows, and moves nobody there', () => {
    const sites = { fra: { capacity: 100, reportAge: 3.1 }, iad: 200 }
    const areas = [near, far, { demand: 100, costs: { iad: 1, fra: 2 } }]
    const rows = [
      [1, 0],
      [1, 0],
      [0, 1],
    ]
    const world = workload({ sites, areas })
    const frozen = spillLoad(world, assignment(world, rows), STEP)
    expect(frozen.assignment.shares).toEqual(assignment(world, rows).shares)
    const known = workload({ sites: { ...sites, fra: { capacity: 100, reportAge: 3 } }, areas })
    expect(spillLoad(known, assignment(known, rows), STEP).assignment.shares).not.toEqual(frozen.assignment.shares)
  })

  test('keeps what was spilled while a report is old: it does not return to what policy prefers', () => {
    const world = workload({
      sites: { fra: { capacity: 1000, reportAge: 9 }, iad: { capacity: 1000, reportAge: 9 } },
      areas: [near],
    })
    const before = assignment(world, [[0.3, 0.7]])
    expect(spillLoad(world, before, STEP).assignment).toEqual(before)
  })
})

describe('spill, over random workloads,', () => {
  obeysCapacityLaws(spillLoad, [...LAWS, NO_CASCADE, nobodyReturnsBeforeThereIsRoom], 2500)

  test('takes a site whose load is at its low mark, but for rounding, as the law does', () => {
    forEachStep(spillLoad, { seed: 149_112_619, sites: 5, areas: 5, times: 6, isFull: true }, (facts) => {
      expect(nobodyReturnsBeforeThereIsRoom(facts)).toBe(true)
    })
  })

  test('leaves no site above its target, after enough steps, that has an area with room elsewhere', () => {
    fc.assert(
      fc.property(anyStorySeed(1), (seed) => {
        const { times, start } = tellStory(seed)
        const world = times[0]!
        const { assignment: rested, loads, excess, unspilled } = runToRest(world, start)
        const room = world.sites.map(({ capacity, target }, site) => capacity * target - loads[site]!)
        const stuck = Array.from(world.preference).filter((list, area) =>
          Array.from(list).some((site) => {
            const isThere = rowOf(world, rested, area)[site]! * world.demand[area]! > 1e-6
            return isThere && excess[site]! > 1e-6 && Array.from(list).some((other) => room[other]! > 1e-6)
          }),
        )
        expect(stuck).toEqual([])
        expect(sum(excess)).toBeCloseTo(sum(unspilled), 6)
        const isFull = world.preference.every((list) => list.length === world.sites.length)
        const fits = sum(world.demand) <= sum(world.sites.map(({ capacity, target }) => capacity * target))
        if (isFull && fits) expect(sum(excess)).toBeLessThan(tolerance(world))
      }),
      { numRuns: 1000 },
    )
  })

  test('moves nobody to and fro where demand rests', () => {
    fc.assert(
      fc.property(anyStorySeed(1), (seed) => {
        const { times, start } = tellStory(seed)
        let { assignment: current } = spillLoad(times[0]!, start, STEP)
        const direction = new Int8Array(current.shares.length)
        const turns = new Uint8Array(current.shares.length)
        for (let i = 0; i < 100; i++) {
          const next = spillLoad(times[0]!, current, STEP).assignment
          next.shares.forEach((share, cell) => {
            const change = share - current.shares[cell]!
            if (Math.abs(change) < 1e-9) return
            if (direction[cell] === -Math.sign(change)) turns[cell]!++
            direction[cell] = Math.sign(change)
          })
          current = next
        }
        expect(Math.max(...turns)).toBeLessThanOrEqual(2)
      }),
      { numRuns: 500 },
    )
  })
})

/**
 * Hysteresis: a site gets clients only if it is below its low mark, or if they come from one above its target. Where health
 * moves clients too, what was before is not what spill began with.
 */
function nobodyReturnsBeforeThereIsRoom({ workload: world, before, loadsBefore, displaced, after }: Facts): boolean {
  if (displaced.some((share) => share > 0)) return true
  return after.every((row, area) => {
    const change = row.map((share, site) => share - before[area]![site]!)
    const isRelief = world.sites.some(
      ({ capacity, target }, site) =>
        change[site]! < -1e-9 && loadsBefore[site]! > capacity * target - tolerance(world),
    )
    return world.sites.every(
      ({ capacity, low }, to) =>
        change[to]! <= 1e-9 || isRelief || loadsBefore[to]! < capacity * low + tolerance(world),
    )
  })
}

/** The demand stands still for as many steps as an area needs to go through all sites. */
function runToRest(world: Workload, start: Assignment | undefined): Placement {
  let placement = spillLoad(world, start, STEP)
  for (let i = 0; i < (2 * world.sites.length) / STEP; i++) placement = spillLoad(world, placement.assignment, STEP)
  return placement
}
