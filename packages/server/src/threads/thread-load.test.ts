import type { Snapshot } from '@windrose/nameserver'
import { ThreadLoad } from './thread-load.ts'

/** Services by name, each with the sites of its pools. */
function services(pools: Readonly<Record<string, readonly string[]>>): Snapshot['services'] {
  return Object.entries(pools).map(([name, sites]) => ({
    name,
    pools: sites.map((siteName) => ({ siteName })),
  })) as unknown as Snapshot['services']
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
