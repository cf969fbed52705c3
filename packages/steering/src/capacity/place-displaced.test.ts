import { placeDisplaced } from './place-displaced.ts'
import { assignment, rowOf, type WorkloadText, workload } from './workloads.arbitraries.ts'

const SITES = { fra: 100, iad: 100, sin: 100 }

function place(text: WorkloadText, rows?: readonly (readonly number[])[], homes?: readonly number[]): number[][] {
  const world = workload(text)
  const draft = placeDisplaced(world, rows === undefined ? undefined : assignment(world, rows, homes))
  const loads = world.sites.map((_, site) =>
    world.demand.reduce((sum, load, area) => sum + load * draft.shares[area * world.sites.length + site]!, 0),
  )
  loads.forEach((load, site) => {
    expect(draft.loads[site]).toBeCloseTo(load)
  })
  return text.areas.map((_, area) => rowOf(world, draft, area))
}

describe('health moves clients at once', () => {
  const area = { demand: 60, costs: { fra: 1, iad: 2, sin: 3 } }

  test('everybody goes to the preferred site at first', () => {
    expect(place({ sites: SITES, areas: [area] })).toEqual([[1, 0, 0]])
  })

  test('whose site is gone goes to the one preferred now', () => {
    const text = { sites: SITES, areas: [{ ...area, list: ['iad', 'sin'] }] }
    expect(place(text, [[1, 0, 0]], [0])).toEqual([[0, 1, 0]])
  })

  test('whose site is gone goes on down the list where that is full', () => {
    const text = { sites: { ...SITES, iad: 50 }, areas: [{ ...area, list: ['iad', 'sin'] }] }
    expect(place(text, [[1, 0, 0]], [0])).toEqual([[0, 0.666666667, 0.333333333]])
  })

  test('what has room nowhere goes to the preferred site', () => {
    const text = { sites: { fra: 100, iad: 25, sin: 25 }, areas: [{ ...area, list: ['iad', 'sin'] }] }
    expect(place(text, [[1, 0, 0]], [0])).toEqual([[0, 0.666666667, 0.333333333]])
  })

  test('only the share of the site that is gone moves', () => {
    const text = { sites: SITES, areas: [{ ...area, list: ['fra', 'sin'] }] }
    expect(place(text, [[0.5, 0.3, 0.2]])).toEqual([[0.8, 0, 0.2]])
  })

  test('a preferred site that is back gets what the one before it had, and what was spilled stays', () => {
    expect(place({ sites: SITES, areas: [area] }, [[0, 0.7, 0.3]], [1])).toEqual([[0.7, 0, 0.3]])
  })

  test('a preferred site that is back gets no more than it has room for', () => {
    const text = { sites: { ...SITES, fra: 30 }, areas: [area] }
    expect(place(text, [[0, 1, 0]], [1])).toEqual([[0.4, 0.6, 0]])
  })

  test('the nearest come first where there is not room for all', () => {
    const areas = [
      { ...area, costs: { fra: 9, iad: 10 } },
      { ...area, costs: { fra: 1, iad: 10 } },
    ]
    expect(place({ sites: SITES, areas })).toEqual([
      [0.333333333, 0.666666667, 0],
      [1, 0, 0],
    ])
  })

  test('an area in which nothing is up is nowhere, and is placed when something is', () => {
    const text = { sites: SITES, areas: [{ ...area, list: [] }, area] }
    expect(place(text)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ])
    expect(place({ sites: SITES, areas: [area] }, [[0, 0, 0]], [-1])).toEqual([[1, 0, 0]])
  })

  test('nobody is sent to a second choice whose load is not known', () => {
    const sites = { fra: 100, iad: { capacity: 100, reportAge: 4 }, sin: 100 }
    const areas = [{ ...area, demand: 120 }]
    expect(place({ sites, areas })).toEqual([[0.666666667, 0, 0.333333333]])
  })

  test('an area without demand stays at home', () => {
    const areas = [
      { ...area, demand: 300 },
      { ...area, demand: 0 },
    ]
    expect(place({ sites: SITES, areas })[1]).toEqual([1, 0, 0])
  })

  test('shares that rounding left off their sum are mended and move nobody', () => {
    const text = { sites: SITES, areas: [area] }
    expect(place(text, [[0.6, 0.4 - 1e-11, 0]])).toEqual([[0.6, 0.4, 0]])
  })
})
