import fc from 'fast-check'
import { forEachStep, LAWS, obeysCapacityLaws, STEP, tolerance } from './capacity.laws.ts'
import { restingLoad, shedFraction } from './shed-fraction.ts'
import { shedLoad, shedLoadUncapped } from './shed-load.ts'
import { loadsOf, type Workload } from './workload.ts'
import { anyStorySeed, assignment, rowOf, tellStory, workload } from './workloads.arbitraries.ts'

describe('a site sheds', () => {
  test.each([
    [0, 0],
    [65, 0],
    [70, 1 / 3],
    [72.5, 0.5],
    [80, 1],
    [500, 1],
  ])('at load %d, between marks of 65 and 80, %d of what comes', (load, fraction) => {
    expect(shedFraction(load, 65, 80)).toBeCloseTo(fraction)
  })

  test('so much that it rests: the rule holds at the load that comes of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (arriving, fixed) => {
          const load = restingLoad(arriving, fixed, 65, 80)
          const kept = arriving * (1 - shedFraction(load, 65, 80)) + fixed
          expect(Math.abs(load - kept)).toBeLessThan(1e-6 * (1 + load + arriving * Number.EPSILON * 1e6))
          expect(load).toBeLessThanOrEqual(Math.max(80, fixed))
        },
      ),
    )
  })
})

describe('shed', () => {
  const sites = { fra: 100, iad: 100, sin: 1000 }
  const even = { demand: 60, costs: { fra: 1, iad: 2, sin: 3 } }

  test('gives away evenly of all areas, to the next site', () => {
    const world = workload({ sites, areas: [even, { ...even, costs: { fra: 5, sin: 6, iad: 7 } }] })
    const { assignment: placed, loads } = shedLoad(world, undefined, STEP)
    const kept = restingLoad(120, 0, 65, 80) / 120
    expect(rowOf(world, placed, 0)).toEqual([expect.closeTo(kept, 8), expect.closeTo(1 - kept, 8), 0])
    expect(rowOf(world, placed, 1)).toEqual([expect.closeTo(kept, 8), 0, expect.closeTo(1 - kept, 8)])
    expect(loads[0]).toBeLessThan(80)
  })

  const crowded = workload({
    sites: { fra: 100, iad: 100, sin: 10 },
    areas: [
      { demand: 130, costs: { fra: 1, iad: 2, sin: 3 } },
      { demand: 64, costs: { iad: 1, sin: 2 } },
    ],
  })

  test('fills the next site up to its target only, then the one after it, and keeps the rest', () => {
    const { loads, unspilled, assignment: placed } = shedLoad(crowded, undefined, STEP)
    expect(loads[1]).toBeCloseTo(80)
    expect(loads[2]).toBeCloseTo(8)
    expect(loads[0]).toBeCloseTo(130 - 16 - 8)
    expect(unspilled[0]).toBeCloseTo(130 - 16 - 8 - 80)
    expect(rowOf(crowded, placed, 1)).toEqual([0, 1, 0])
  })

  test('without a cap goes on to those whom the next site sheds in its turn', () => {
    const capped = shedLoad(crowded, undefined, STEP).assignment
    const { assignment: placed, loads } = shedLoadUncapped(crowded, undefined, STEP)
    expect(rowOf(crowded, placed, 0)[1]).toBeGreaterThan(rowOf(crowded, capped, 0)[1]!)
    // The site of the second area had room for it.
    expect(rowOf(crowded, placed, 1)[1]).toBeLessThan(1)
    expect(loads[1]).toBeLessThan(80)
    expect(loads[2]).toBeLessThan(8)
  })

  test('goes to its shares by steps', () => {
    const before = assignment(crowded, [
      [1, 0, 0],
      [0, 1, 0],
    ])
    expect(rowOf(crowded, shedLoad(crowded, before, STEP).assignment, 0)[0]).toBeCloseTo(0.9)
  })

  test('leaves a site alone whose load nobody knows', () => {
    const world = workload({
      sites: { fra: { capacity: 100, reportAge: 4 }, iad: 100 },
      areas: [{ demand: 300, costs: { fra: 1, iad: 2 } }],
    })
    const before = assignment(world, [[0.9, 0.1]])
    expect(shedLoad(world, before, STEP).assignment).toEqual(before)
    expect(shedLoadUncapped(world, before, STEP).assignment).toEqual(before)
  })
})

describe.each([
  ['with a cap', shedLoad],
  ['without a cap', shedLoadUncapped],
])('shed %s, over random workloads,', (_, rule) => {
  obeysCapacityLaws(rule, LAWS, 800)

  test('pushes no site over its target that would not be over it without', () => {
    fc.assert(
      fc.property(anyStorySeed(1), (seed) => {
        const world = tellStory(seed).times[0]!
        const { loads } = rule(world, undefined, STEP)
        const home = loadsOf(world, allAtHome(world))
        const pushed = world.sites.filter(
          ({ capacity, target }, site) => loads[site]! > Math.max(home[site]!, capacity * target) + tolerance(world),
        )
        expect(pushed).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})

test('shed without a cap rests where each site gives away what its marks say', () => {
  fc.assert(
    fc.property(anyStorySeed(1), (seed) => {
      const world = tellStory(seed).times[0]!
      const { loads, assignment: placed } = shedLoadUncapped(world, undefined, STEP)
      const wrong = world.preference.filter((list, area) => {
        const row = rowOf(world, placed, area)
        const fractions = Array.from(list, (site) => fractionAt(world, loads, site))
        // What all of the list sent back stays with the first.
        const back = fractions.reduce((product, part) => product * part, 1)
        return list.length > 0 && Math.abs(row[list[0]!]! - (1 - fractions[0]! + back)) > 1e-2
      })
      expect(wrong).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

function fractionAt({ sites }: Workload, loads: Float64Array, site: number): number {
  const { capacity, target, low } = sites[site]!
  return capacity === Number.POSITIVE_INFINITY ? 0 : shedFraction(loads[site]!, capacity * low, capacity * target)
}

function allAtHome({ demand, preference, sites }: Workload): Float64Array {
  const shares = new Float64Array(demand.length * sites.length)
  preference.forEach((list, area) => {
    if (list.length > 0) shares[area * sites.length + list[0]!] = 1
  })
  return shares
}

test('a site that is to shed everything is given no share below nothing', () => {
  forEachStep(shedLoadUncapped, { seed: 238895680, sites: 8, areas: 5, times: 6, isFull: false }, (facts) => {
    expect(LAWS.filter((law) => !law(facts)).map(({ name }) => name)).toEqual([])
  })
})
