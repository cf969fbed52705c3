import { type CountedSnapshot, ThreadLoad } from './thread-load.ts'

/** Services by name, each with the sites of its pools. */
function services(pools: Readonly<Record<string, readonly string[]>>): CountedSnapshot {
  const list = Object.entries(pools).map(([name, sites], index) => ({
    name,
    index,
    pools: sites.map((siteName) => ({ siteName })),
  }))
  return { services: list as unknown as CountedSnapshot['services'], maps: [], placements: [] }
}

const read = (load: ThreadLoad, taken: number): Record<string, number> => Object.fromEntries(load.read(taken))

test('each pool has a cell, in the order of the services and their pools', () => {
  const load = new ThreadLoad()
  const cells = load.cellsOf(services({ web: ['fra', 'iad'], api: ['fra'] }), 0)
  cells.set([1, 2.5, 4])
  expect(read(load, 0)).toEqual({ 'web/fra': 1, 'web/iad': 2.5, 'api/fra': 4 })
})

test('a snapshot of the same services goes on in the same cells', () => {
  const load = new ThreadLoad()
  const same = services({ web: ['fra'] })
  const cells = load.cellsOf(same, 0)
  expect(load.cellsOf(same, 1)).toBe(cells)
})

test('counts go on over other services, and what is still counted in the old cells is not lost', () => {
  const load = new ThreadLoad()
  const before = load.cellsOf(services({ web: ['fra', 'iad'] }), 0)
  before.set([10, 20])
  const after = load.cellsOf(services({ api: ['fra'], web: ['sin', 'iad'] }), 1)
  after.set([1, 2, 3])
  expect(read(load, 0)).toEqual({ 'api/fra': 1, 'web/sin': 2, 'web/iad': 23 })
  before[1]! += 100
  expect(read(load, 0)).toMatchObject({ 'web/iad': 123 })
  expect(read(load, 1)).toMatchObject({ 'web/iad': 123 })
  // The thread has left them: nothing in them counts any more.
  before[1]! += 1000
  after[2]! += 1
  expect(read(load, 1)).toEqual({ 'api/fra': 1, 'web/sin': 2, 'web/iad': 124 })
})

test('a pool that was gone begins anew', () => {
  const load = new ThreadLoad()
  load.cellsOf(services({ web: ['fra'] }), 0).set([10])
  load.cellsOf(services({ api: ['fra'] }), 1)
  expect(read(load, 1)).toEqual({ 'api/fra': 0 })
  load.cellsOf(services({ web: ['fra'] }), 2).set([1])
  expect(read(load, 2)).toEqual({ 'web/fra': 1 })
})

test('any number of reloads between two readings is added up', () => {
  const load = new ThreadLoad()
  for (let version = 0; version < 5; version++) load.cellsOf(services({ web: ['fra'] }), version).set([1])
  expect(read(load, 0)).toEqual({ 'web/fra': 5 })
  expect(read(load, 3)).toEqual({ 'web/fra': 5 })
  expect(read(load, 4)).toEqual({ 'web/fra': 5 })
})

test('where load is placed, queries are counted by class behind the answers of pools; new maps have other classes', () => {
  const load = new ThreadLoad()
  const { services: list } = services({ web: ['fra', 'iad'] })
  const placed = list.map((service) => ({ ...service, capacity: 'spill' as const, clientMap: 0 }))
  const mapOf = (...sites: number[][]) => [
    { trie: new Uint32Array(0), classes: sites.map((one) => ({ rule: -1, view: 0, sites: one, areas: [] })) },
  ]
  const placements = (...keys: string[]) => [{ pools: 2, shares: new Uint16Array(0), keyLengths: [], keys }]
  const both = { services: placed, maps: mapOf([], [0], [1]), placements: placements('none', 'fra', 'iad') }
  const before = load.cellsOf(both, 0)
  before.set([1, 2, 10, 20, 30])
  const names = [...load.read(0).keys()]
  expect(names.slice(0, 2)).toEqual(['web/fra', 'web/iad'])
  expect(new Set(names).size).toBe(5)
  const after = load.cellsOf({ services: placed, maps: mapOf([], [1]), placements: placements('none', 'iad') }, 1)
  after.set([0, 0, 1, 3])
  expect([...load.read(1).values()]).toEqual([1, 2, 11, 33])
})
