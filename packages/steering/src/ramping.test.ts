import { UNPLACED } from './client-class.ts'
import { decide } from './decide.ts'
import { healthCell, RAMP_SHIFT, Verdict } from './health-table.ts'
import { nextRampStep, type RampStep, rampPercent } from './ramp.ts'
import type { Service, Step } from './service.ts'

const endpoint = (index: number, weight: number) => ({
  index,
  id: `web/fra/192.0.2.${index}`,
  kind: 'ipv4' as const,
  target: Uint8Array.of(192, 0, 2, index),
  label: `192.0.2.${index}`,
  weight,
})

function serviceOf(kind: 'weighted' | 'consistent' | 'nearest', weights: readonly number[]): Service {
  const steps: readonly Step[] = [{ kind }]
  return {
    name: 'web',
    index: 0,
    pools: [{ site: 0, siteName: 'fra', endpoints: weights.map((weight, index) => endpoint(index, weight)) }],
    steps,
    answers: 1,
    panic: 0.5,
    onAllDown: 'serve_all',
    ttl: { max: 30, min: 15 },
    minAnswers: 1,
    missingFamily: 'next_site',
    clientMap: -1,
  }
}

const cell = (verdict: Verdict, step: RampStep) => healthCell(verdict, step << RAMP_SHIFT, 30)
const healthOf = (...cells: number[]) => ({
  cells: Uint32Array.from(cells),
  endpoints: cells.length,
  changesAt: new Float64Array(cells.length).fill(Number.POSITIVE_INFINITY),
  held: new Uint8Array(8),
  roundTrips: new Uint32Array(8),
  vantages: [],
})

/** The share of answers in which each endpoint is, by index. */
function sharesOf(service: Service, ...cells: number[]): number[] {
  const { variants } = decide(service, 'ipv4', UNPLACED, healthOf(...cells))
  return cells.map((_, index) =>
    variants.filter((v) => v.endpoints.some((e) => e.index === index)).reduce((sum, v) => sum + v.share, 0),
  )
}

describe('an endpoint that comes back', () => {
  test('goes from a tenth over a quarter and a half to the whole', () => {
    const steps: RampStep[] = [1]
    while (steps.at(-1) !== 0) steps.push(nextRampStep(steps.at(-1)!))
    expect(steps.map(rampPercent)).toEqual([10, 25, 50, 100])
  })

  test.each([
    [1, 10],
    [2, 25],
    [3, 50],
    [0, 100],
  ] as const)('at step %d has %d %% of its weight, exactly, in a draw', (step, percent) => {
    for (const kind of ['weighted', 'nearest'] as const) {
      const [ramping, whole] = sharesOf(serviceOf(kind, [3, 2]), cell(Verdict.up, step), cell(Verdict.up, 0))
      expect(ramping! / whole!).toBeCloseTo((3 * percent) / 200, 12)
    }
  })

  test('has about that share of the clients that are kept, and takes none from one that is not its own', () => {
    const service = serviceOf('consistent', [1, 1, 1])
    const bucketsAt = (step: RampStep) => {
      const health = healthOf(cell(Verdict.up, step), cell(Verdict.up, 0), cell(Verdict.up, 0))
      const { variants, buckets } = decide(service, 'ipv4', UNPLACED, health)
      return [...buckets!].map((variant) => variants[variant]!.endpoints[0]!.index)
    }
    const tenth = bucketsAt(1)
    const whole = bucketsAt(0)
    expect(tenth.filter((index) => index === 0).length / tenth.length).toBeCloseTo(0.1 / 2.1, 1)
    expect(tenth.every((index, bucket) => index === whole[bucket] || whole[bucket] === 0)).toBe(true)
  })

  test('is named with its part in the trace, and appears with its own weight', () => {
    const service = serviceOf('weighted', [3, 2])
    const { trace, variants } = decide(service, 'ipv4', UNPLACED, healthOf(cell(Verdict.up, 2), cell(Verdict.up, 0)))
    expect(trace.filter(({ stage }) => stage === 'order').map(({ text }) => text)).toContain(
      'coming back: 192.0.2.0 with 25 % of its weight',
    )
    expect(variants.flatMap((v) => v.endpoints.map((e) => e.weight)).sort()).toEqual([2, 3])
  })

  test('counts whole when it is judged whether the pool has enough up', () => {
    const health = healthOf(cell(Verdict.up, 1), cell(Verdict.down, 0))
    expect(decide(serviceOf('weighted', [1, 1]), 'ipv4', UNPLACED, health).ground).toBe('up')
  })

  test('has its whole weight in panic, where health is ignored', () => {
    const shares = sharesOf(
      serviceOf('weighted', [1, 1, 1]),
      cell(Verdict.up, 1),
      cell(Verdict.down, 0),
      cell(Verdict.down, 0),
    )
    expect(shares).toEqual([1 / 3, 1 / 3, 1 / 3].map((share) => expect.closeTo(share, 12)))
  })
})
