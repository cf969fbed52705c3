import fc from 'fast-check'
import { solveTransport } from './solve-transport.ts'
import type { Transport } from './transport.ts'

describe('the cheapest transport', () => {
  const cost = Float64Array.from([1, 5, 9, 2, 3, 4])
  const options = [
    [0, 1, 2],
    [0, 1, 2],
  ]
  const demand = Float64Array.from([10, 10])

  test.each([
    ['room for all at the cheapest', [20, 20, 20], [10, 0, 0, 10, 0, 0]],
    ['room for one: who loses least by it goes', [10, 20, 20], [10, 0, 0, 0, 10, 0]],
    ['a split area', [15, 20, 20], [10, 0, 0, 5, 5, 0]],
    ['a full second site', [10, 4, 20], [10, 0, 0, 0, 4, 6]],
    ['no limits', [Number.POSITIVE_INFINITY, 0, 0], [10, 0, 0, 10, 0, 0]],
  ])('%s', (_, limits, flow) => {
    const level = Float64Array.from(limits)
    expect([...solveTransport({ sites: 3, demand, options, cost, levels: [level] })]).toEqual(flow)
  })

  test('makes room by moving others on, where a list is short', () => {
    const short = {
      sites: 3,
      demand,
      options: [
        [0, 1],
        [1, 2],
      ],
      cost,
      levels: [Float64Array.from([5, 10, 20])],
    }
    expect([...solveTransport(short)]).toEqual([5, 5, 0, 0, 5, 5])
  })

  test('uses a later level only for what does not fit into the earlier, where it is cheapest', () => {
    const levels = [Float64Array.from([5, 5, 5]), Float64Array.from([6, 20, 20])]
    // 5 are left for the second level: 1 fits at the first site, the rest loses least at the second.
    expect([...solveTransport({ sites: 3, demand, options, cost, levels })]).toEqual([6, 4, 0, 0, 5, 5])
  })

  test('leaves what has room nowhere, and areas without a site', () => {
    const full = { sites: 3, demand, options: [[0], []], cost, levels: [new Float64Array(3)] }
    expect([...solveTransport(full)]).toEqual([10, 0, 0, 0, 0, 0])
  })

  test('costs as little as a linear program finds, whatever the limits, lists and levels', () => {
    fc.assert(
      fc.property(anyTransport, (problem) => {
        const flow = solveTransport(problem)
        const found = weigh(problem, flow)
        const best = solveByLinearProgram(problem)
        const size = 1 + problem.demand.reduce((sum, load) => sum + load, 0)
        expect(found.map((value, i) => Math.abs(value - best[i]!)).every((error) => error < 1e-6)).toBe(true)
        problem.demand.forEach((load, area) => {
          const row = flow.slice(area * problem.sites, (area + 1) * problem.sites)
          const placed = row.reduce((sum, part) => sum + part, 0)
          expect(Math.abs(placed - (problem.options[area]!.length > 0 ? load : 0))).toBeLessThan(1e-9 * size)
          expect(row.every((part, site) => part === 0 || Array.from(problem.options[area]!).includes(site))).toBe(true)
        })
      }),
      { numRuns: 1500 },
    )
  })
})

/** The last level has room for all, as plans have: there each site may keep what it has. */
const anyTransport: fc.Arbitrary<Transport> = fc
  .record({ sites: fc.integer({ min: 2, max: 7 }), areas: fc.integer({ min: 1, max: 9 }) })
  .chain(({ sites, areas }) => {
    const many = <T>(count: number, arbitrary: fc.Arbitrary<T>) =>
      fc.array(arbitrary, { minLength: count, maxLength: count })
    const all = Array.from({ length: sites }, (_, site) => site)
    return fc
      .record({
        demand: many(areas, fc.integer({ min: 0, max: 500 })),
        options: many(areas, fc.shuffledSubarray(all)),
        cost: many(areas * sites, fc.integer({ min: 0, max: 100 })),
        first: many(sites, fc.integer({ min: 0, max: 400 })),
        more: many(sites, fc.integer({ min: 0, max: 200 })),
        levels: fc.integer({ min: 0, max: 2 }),
      })
      .map(({ demand, options, cost, first, more, levels }): Transport => {
        const tenths = (values: readonly number[]) => Float64Array.from(values, (value) => value / 10)
        const second = first.map((limit, site) => limit + more[site]!)
        const unlimited = new Float64Array(sites).fill(1e4)
        return {
          sites,
          demand: tenths(demand),
          options,
          cost: tenths(cost),
          levels: [...[tenths(first), tenths(second)].slice(0, levels), unlimited],
        }
      })
  })

/** What is above the last level but one, then the one before, ..., and the cost. */
function weigh({ sites, levels, cost }: Transport, flow: Float64Array): number[] {
  const loads = new Float64Array(sites)
  flow.forEach((part, cell) => {
    loads[cell % sites]! += part
  })
  const above = levels
    .slice(0, -1)
    .map((limits) => loads.reduce((sum, load, site) => sum + Math.max(0, load - limits[site]!), 0))
  return [...above.reverse(), flow.reduce((sum, part, cell) => sum + part * cost[cell]!, 0)]
}

/** The same by an independent way: as a linear program, with prices that no saving of cost can outweigh. */
function solveByLinearProgram(problem: Transport): number[] {
  const { sites, demand, options, cost, levels } = problem
  const cells = options.flatMap((list, area) => Array.from(list).map((site) => ({ area, site })))
  const over = levels.slice(0, -1).flatMap((_, level) => Array.from({ length: sites }, (_, site) => ({ level, site })))
  const columns = cells.length + over.length
  const rows: Row[] = []
  options.forEach((list, area) => {
    if (list.length === 0) return
    rows.push({
      factors: [...cells.map((cell) => (cell.area === area ? 1 : 0)), ...over.map(() => 0)],
      isEqual: true,
      value: demand[area]!,
    })
  })
  levels.forEach((limits, level) => {
    for (let site = 0; site < sites; site++) {
      const factors = [
        ...cells.map((cell) => (cell.site === site ? 1 : 0)),
        ...over.map((part) => (part.site === site && part.level === level ? -1 : 0)),
      ]
      rows.push({ factors, isEqual: false, value: limits[site]! })
    }
  })
  const prices = [
    ...cells.map(({ area, site }) => cost[area * sites + site]!),
    ...over.map(({ level }) => 1e3 ** (level + 1)),
  ]
  const solution = simplex(prices, rows)
  const flow = new Float64Array(demand.length * sites)
  cells.forEach(({ area, site }, i) => {
    flow[area * sites + site] = solution[i]!
  })
  expect(solution).toHaveLength(columns)
  return weigh(problem, flow)
}

interface Row {
  readonly factors: readonly number[]
  readonly isEqual: boolean
  /** Not negative. */
  readonly value: number
}

/** The least sum of prices under the rows, all variables at least 0: two phases, Bland's rule. */
function simplex(prices: readonly number[], rows: readonly Row[]): number[] {
  const n = prices.length
  const width = n + rows.length
  // One more column a row: a slack, or for an equation an artificial variable that the first phase drives out.
  const table = rows.map(({ factors, value }, r) => [...factors, ...rows.map((_, i) => (i === r ? 1 : 0)), value])
  const basis = rows.map((_, r) => n + r)
  const isArtificial = (column: number): boolean => column >= n && rows[column - n]!.isEqual
  const minimize = (price: (column: number) => number, isOpen: (column: number) => boolean): void => {
    for (;;) {
      const gain = (column: number): number =>
        price(column) - basis.reduce((sum, basic, r) => sum + price(basic) * table[r]![column]!, 0)
      let entering = -1
      for (let column = 0; column < width && entering < 0; column++) {
        if (isOpen(column) && !basis.includes(column) && gain(column) < -1e-9) entering = column
      }
      if (entering < 0) return
      let leaving = -1
      for (let r = 0; r < table.length; r++) {
        if (table[r]![entering]! <= 1e-9) continue
        const ratio = table[r]![width]! / table[r]![entering]!
        const least = leaving < 0 ? Number.POSITIVE_INFINITY : table[leaving]![width]! / table[leaving]![entering]!
        if (ratio < least - 1e-12 || (ratio < least + 1e-12 && basis[r]! < basis[leaving]!)) leaving = r
      }
      expect(leaving).toBeGreaterThanOrEqual(0)
      pivot(table, leaving, entering)
      basis[leaving] = entering
    }
  }
  minimize(
    (column) => (isArtificial(column) ? 1 : 0),
    () => true,
  )
  minimize(
    (column) => (column < n ? prices[column]! : 0),
    (column) => !isArtificial(column),
  )
  const solution = new Array<number>(n).fill(0)
  basis.forEach((column, r) => {
    if (column < n) solution[column] = table[r]![width]!
  })
  return solution
}

function pivot(table: number[][], row: number, column: number): void {
  const factor = table[row]![column]!
  table[row] = table[row]!.map((value) => value / factor)
  table.forEach((other, r) => {
    const times = other[column]!
    if (r !== row && times !== 0) table[r] = other.map((value, i) => value - times * table[row]![i]!)
  })
}
