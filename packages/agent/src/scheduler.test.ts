import { CHECK_DEFAULTS, type Check, makeProbeTarget, type ProbeResult, type ProbeTarget } from '@windrose/health'
import { Scheduler, type SchedulerOptions } from './scheduler.ts'

const INTERVAL_MS = 10_000
const RESULT: ProbeResult = { outcome: 'success', reason: '', degraded: false, durationMs: 0 }

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

function targetsOf(count: number, change: Partial<Check> = {}): ProbeTarget[] {
  return Array.from({ length: count }, (_, index) => {
    const check = { ...CHECK_DEFAULTS, name: 'c', type: 'tcp', port: 80, intervalMs: INTERVAL_MS, timeoutMs: 1000 }
    return makeProbeTarget(`192.0.2.${index}`, 'ipv4', { ...check, jitter: 0, ...change } as Check)
  })
}

/** A scheduler whose probes take so long, with the times at which each target was started. */
function start(durationMs: number, change: Partial<SchedulerOptions> = {}) {
  const starts = new Map<string, number[]>()
  const aborted: string[] = []
  const results: string[] = []
  const scheduler = new Scheduler({
    agent: 'eu-1',
    random: () => 0.5,
    maxRunning: 1000,
    onResult: (target) => results.push(target.id),
    isInTransition: () => false,
    probe: (target, signal) =>
      new Promise((resolve) => {
        const times = starts.get(target.id) ?? []
        starts.set(target.id, [...times, performance.now()])
        const timer = setTimeout(() => resolve(RESULT), durationMs)
        signal.addEventListener('abort', () => {
          aborted.push(target.id)
          clearTimeout(timer)
          resolve(RESULT)
        })
      }),
    ...change,
  })
  return { scheduler, starts, aborted, results, startedAt: performance.now() }
}

const startsOf = (starts: Map<string, number[]>, target: ProbeTarget | undefined) => starts.get(target!.id) ?? []
const gapsOf = (times: readonly number[]) => times.slice(1).map((time, index) => Math.round(time - times[index]!))

describe('the scheduler', () => {
  test.each([
    [20, 250],
    [600, 600],
    [3000, 1000],
  ])('starts the first probes of %i targets within %i ms, and not all at once', async (count, spreadMs) => {
    const { scheduler, starts } = start(1, { maxRunning: 5000 })
    scheduler.setTargets(targetsOf(count))
    await jest.advanceTimersByTimeAsync(spreadMs / 2)
    expect(starts.size).toBeGreaterThan(count * 0.2)
    expect(starts.size).toBeLessThan(count * 0.8)
    await jest.advanceTimersByTimeAsync(spreadMs / 2 + 1)
    expect(starts.size).toBe(count)
    scheduler.stop()
  })

  test('never spreads first probes beyond their interval', async () => {
    const { scheduler, starts } = start(1)
    scheduler.setTargets(targetsOf(20, { intervalMs: 50, timeoutMs: 20 }))
    await jest.advanceTimersByTimeAsync(51)
    expect(starts.size).toBe(20)
    scheduler.stop()
  })

  test('then probes each once an interval, the second time a whole interval after the first at least', async () => {
    const { scheduler, starts } = start(100)
    const targets = targetsOf(40)
    scheduler.setTargets(targets)
    await jest.advanceTimersByTimeAsync(6 * INTERVAL_MS)
    for (const target of targets) {
      const [first, ...others] = gapsOf(startsOf(starts, target))
      expect(first).toBeGreaterThanOrEqual(INTERVAL_MS)
      expect(first).toBeLessThan(2 * INTERVAL_MS)
      expect(others.length).toBeGreaterThanOrEqual(3)
      for (const gap of others) expect(Math.abs(gap - INTERVAL_MS)).toBeLessThanOrEqual(1)
    }
    scheduler.stop()
  })

  test.each([0.1, 321.123456, 0.000001, 4095.7])('leaves no slot out on a clock that is %d ms on', async (aheadMs) => {
    const now = performance.now.bind(performance)
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs)
    const { scheduler, starts } = start(1)
    scheduler.setTargets(targetsOf(200))
    await jest.advanceTimersByTimeAsync(8 * INTERVAL_MS)
    const gaps = [...starts.values()].flatMap((times) => gapsOf(times).slice(1))
    expect(gaps.length).toBeGreaterThanOrEqual(200 * 5)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(INTERVAL_MS + 1)
    clock.mockRestore()
    scheduler.stop()
  })

  test('spreads the starts over the whole interval', async () => {
    const { scheduler, starts, startedAt } = start(1)
    scheduler.setTargets(targetsOf(200))
    await jest.advanceTimersByTimeAsync(4 * INTERVAL_MS)
    const places = [...starts.values()].map((times) => ((times.at(-1)! - startedAt) % INTERVAL_MS) / INTERVAL_MS)
    for (let tenth = 0; tenth < 10; tenth++) {
      const here = places.filter((place) => Math.floor(place * 10) === tenth).length
      expect(here).toBeGreaterThan(5)
      expect(here).toBeLessThan(45)
    }
    scheduler.stop()
  })

  test('agents that are started together ask each target at places of their own', async () => {
    const agents = ['eu-1', 'us-1'].map((agent) => start(1, { agent }))
    const targets = targetsOf(50)
    for (const { scheduler } of agents) scheduler.setTargets(targets)
    await jest.advanceTimersByTimeAsync(3 * INTERVAL_MS)
    const places = agents.map(({ starts }) => targets.map((target) => startsOf(starts, target).at(-1)! % INTERVAL_MS))
    const apart = targets.filter((_, i) => Math.abs(places[0]![i]! - places[1]![i]!) > INTERVAL_MS / 10)
    expect(apart.length).toBeGreaterThan(targets.length / 2)
    for (const { scheduler } of agents) scheduler.stop()
  })

  test('makes starts late by the jitter, and lets no delay add up', async () => {
    const draws = [0, 0.9, 0.2, 0.7, 0]
    let draw = 0
    const { scheduler, starts } = start(1, { random: () => draws[draw++ % draws.length]! })
    const [target] = targetsOf(1, { jitter: 0.5 })
    scheduler.setTargets([target!])
    await jest.advanceTimersByTimeAsync(7.5 * INTERVAL_MS)
    const [, origin = 0, ...later] = startsOf(starts, target)
    const offsets = later.slice(0, 4).map((time, index) => (time - origin) / INTERVAL_MS - (index + 1))
    for (const [index, expected] of [0.45, 0.1, 0.35, 0].entries()) expect(offsets[index]).toBeCloseTo(expected, 2)
    scheduler.stop()
  })

  test('skips a target whose probe still runs, and counts that', async () => {
    const { scheduler, starts } = start(1.5 * INTERVAL_MS)
    const [target] = targetsOf(1)
    scheduler.setTargets([target!])
    await jest.advanceTimersByTimeAsync(7 * INTERVAL_MS)
    const times = startsOf(starts, target)
    for (const gap of gapsOf(times).slice(1)) expect(gap).toBeGreaterThanOrEqual(2 * INTERVAL_MS - 1)
    expect(scheduler.stats.skipped.stillRunning).toBeGreaterThanOrEqual(2)
    expect(scheduler.stats.skipped.tooManyRunning).toBe(0)
    scheduler.stop()
  })

  test('runs no more than it may, and brings every target to its first probe soon all the same', async () => {
    let most = 0
    const { scheduler, starts } = start(100, { maxRunning: 2 })
    scheduler.setTargets(targetsOf(20))
    for (let step = 0; step < 300; step++) {
      await jest.advanceTimersByTimeAsync(10)
      most = Math.max(most, scheduler.stats.running)
    }
    expect(most).toBe(2)
    expect(starts.size).toBe(20)
    expect(scheduler.stats.skipped.tooManyRunning).toBeGreaterThan(0)
    scheduler.stop()
  })

  test('does not make up for what it missed while the process stood still', async () => {
    const { scheduler, starts } = start(1)
    const [target] = targetsOf(1)
    scheduler.setTargets([target!])
    await jest.advanceTimersByTimeAsync(3 * INTERVAL_MS)
    const before = startsOf(starts, target).length
    // The clock goes on without any timer firing, as for a machine that was suspended.
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => Date.now() + 50 * INTERVAL_MS)
    await jest.advanceTimersByTimeAsync(3 * INTERVAL_MS)
    expect(startsOf(starts, target).length - before).toBeLessThanOrEqual(4)
    clock.mockRestore()
    scheduler.stop()
  })

  test('a reload leaves the rhythm of known targets alone, cuts off removed ones and starts new ones', async () => {
    const { scheduler, starts, aborted, results } = start(500)
    const [kept, removed, added] = targetsOf(3)
    scheduler.setTargets([kept!, removed!])
    await jest.advanceTimersByTimeAsync(300)
    expect(scheduler.stats).toMatchObject({ targets: 2, running: 2 })
    scheduler.setTargets([kept!, added!])
    await jest.advanceTimersByTimeAsync(4 * INTERVAL_MS)
    expect(aborted).toEqual([removed!.id])
    expect(startsOf(starts, removed)).toHaveLength(1)
    expect(results).not.toContain(removed!.id)
    expect(startsOf(starts, added).length).toBeGreaterThanOrEqual(3)
    expect(gapsOf(startsOf(starts, kept))[0]).toBeGreaterThanOrEqual(INTERVAL_MS)
    scheduler.stop()
  })

  test('a target that is there twice is probed once', async () => {
    const { scheduler, starts } = start(1)
    const [target] = targetsOf(1)
    scheduler.setTargets([target!, { ...target! }])
    await jest.advanceTimersByTimeAsync(INTERVAL_MS / 2)
    expect(startsOf(starts, target)).toHaveLength(1)
    scheduler.stop()
  })

  test('tells results under the latest name of the check', async () => {
    const names: string[] = []
    const { scheduler } = start(1, { onResult: (target) => names.push(target.check.name) })
    const [target] = targetsOf(1)
    scheduler.setTargets([target!])
    scheduler.setTargets([{ ...target!, check: { ...target!.check, name: 'renamed' } }])
    await jest.advanceTimersByTimeAsync(300)
    expect(names).toEqual(['renamed'])
    scheduler.stop()
  })

  test('begins late by the initial delay, and has its rhythm then', async () => {
    const { scheduler, starts, startedAt } = start(1)
    const [target] = targetsOf(1, { initialDelayMs: 3000 })
    scheduler.setTargets([target!])
    await jest.advanceTimersByTimeAsync(2999)
    expect(starts.size).toBe(0)
    await jest.advanceTimersByTimeAsync(300)
    const [first = 0] = startsOf(starts, target)
    expect(first - startedAt).toBeGreaterThanOrEqual(3000)
    await jest.advanceTimersByTimeAsync(4 * INTERVAL_MS)
    expect(gapsOf(startsOf(starts, target))[0]).toBeGreaterThanOrEqual(INTERVAL_MS)
    expect(startsOf(starts, target).length).toBeGreaterThanOrEqual(4)
    scheduler.stop()
  })

  describe('where a check has a fast interval', () => {
    const fast = { fastIntervalMs: 1000 }

    test('probes at it as long as the verdict is in transition, and then a whole interval later in the old rhythm', async () => {
      let inTransition = false
      const { scheduler, starts } = start(100, { isInTransition: () => inTransition })
      const [target] = targetsOf(1, fast)
      scheduler.setTargets([target!])
      await jest.advanceTimersByTimeAsync(2.5 * INTERVAL_MS)
      const slots = startsOf(starts, target).length
      const phase = startsOf(starts, target).at(-1)! % INTERVAL_MS
      inTransition = true
      await jest.advanceTimersByTimeAsync(1.5 * INTERVAL_MS)
      inTransition = false
      await jest.advanceTimersByTimeAsync(3 * INTERVAL_MS)
      const gaps = gapsOf(startsOf(starts, target)).slice(slots)
      const quick = gaps.filter((gap) => gap === 1000)
      expect(quick.length).toBeGreaterThan(2)
      expect(gaps.slice(0, quick.length)).toEqual(quick)
      const settled = gaps[quick.length]!
      expect(settled).toBeGreaterThanOrEqual(INTERVAL_MS)
      expect(settled).toBeLessThan(2 * INTERVAL_MS)
      expect(Math.abs((startsOf(starts, target).at(-1)! % INTERVAL_MS) - phase)).toBeLessThanOrEqual(2)
      scheduler.stop()
    })

    test('never runs two probes of a target at once, even if one takes longer than that', async () => {
      let most = 0
      const { scheduler, starts } = start(1500, {
        isInTransition: () => {
          most = Math.max(most, scheduler.stats.running)
          return true
        },
      })
      const [target] = targetsOf(1, fast)
      scheduler.setTargets([target!])
      await jest.advanceTimersByTimeAsync(INTERVAL_MS)
      expect(most).toBe(0)
      for (const gap of gapsOf(startsOf(starts, target))) expect(gap).toBeGreaterThanOrEqual(1500)
      expect(scheduler.stats.skipped.stillRunning).toBe(0)
      scheduler.stop()
    })

    test('goes on after too many probes were running', async () => {
      const { scheduler, starts } = start(700, { maxRunning: 1, isInTransition: () => true })
      const targets = targetsOf(2, fast)
      scheduler.setTargets(targets)
      await jest.advanceTimersByTimeAsync(2 * INTERVAL_MS)
      for (const target of targets) expect(startsOf(starts, target).length).toBeGreaterThan(5)
      scheduler.stop()
      await jest.advanceTimersByTimeAsync(0)
      expect(jest.getTimerCount()).toBe(0)
    })

    test('a target that is taken away by whoever hears of its result has no timer left', async () => {
      const { scheduler } = start(10, { isInTransition: () => true, onResult: () => scheduler.stop() })
      scheduler.setTargets(targetsOf(1, fast))
      await jest.advanceTimersByTimeAsync(INTERVAL_MS)
      expect(jest.getTimerCount()).toBe(0)
    })

    test('a check without one keeps its interval whatever the verdict', async () => {
      const { scheduler, starts } = start(1, { isInTransition: () => true })
      const [target] = targetsOf(1)
      scheduler.setTargets([target!])
      await jest.advanceTimersByTimeAsync(4 * INTERVAL_MS)
      for (const gap of gapsOf(startsOf(starts, target))) expect(gap).toBeGreaterThanOrEqual(INTERVAL_MS - 1)
      scheduler.stop()
    })
  })

  describe('where a check has a budget', () => {
    const perSecond = (starts: Map<string, number[]>) => {
      const counts = new Map<number, number>()
      for (const time of [...starts.values()].flat()) {
        const second = Math.floor(time / 1000)
        counts.set(second, (counts.get(second) ?? 0) + 1)
      }
      return counts
    }

    test('runs no more of its probes at once than it may, whatever else runs', async () => {
      const most = { small: 0, large: 0 }
      const { scheduler } = start(300)
      const small = targetsOf(40, { name: 'small', maxConcurrent: 3 })
      const large = targetsOf(40, { name: 'large', port: 81 } as Partial<Check>)
      scheduler.setTargets([...small, ...large])
      for (let step = 0; step < 400; step++) {
        await jest.advanceTimersByTimeAsync(50)
        for (const { name, running } of scheduler.stats.checks)
          most[name as 'small'] = Math.max(most[name as 'small'], running)
      }
      expect(most.small).toBe(3)
      expect(most.large).toBeGreaterThan(10)
      const [ofSmall, ofLarge] = scheduler.stats.checks
      expect(ofSmall?.skipped.maxConcurrent).toBeGreaterThan(0)
      expect(ofLarge?.skipped).toEqual({ stillRunning: 0, tooManyRunning: 0, maxConcurrent: 0, maxRate: 0 })
      expect(scheduler.stats.skipped).toEqual(ofSmall?.skipped)
      scheduler.stop()
    })

    test('starts no more of its probes in a second than it may, and no fewer over time', async () => {
      const { scheduler, starts } = start(1)
      scheduler.setTargets(targetsOf(100, { maxRate: 5, jitter: 0.1 }))
      await jest.advanceTimersByTimeAsync(10 * INTERVAL_MS)
      const all = [...starts.values()].flat().length
      // What is left of one second may be used in the next.
      expect(Math.max(...perSecond(starts).values())).toBeLessThanOrEqual(10)
      expect(all).toBeLessThanOrEqual(5 * 101)
      expect(all).toBeGreaterThan(5 * 100 * 0.9)
      expect(scheduler.stats.skipped.maxRate).toBeGreaterThan(100)
      scheduler.stop()
    })

    test.each([
      ['rate', { maxRate: 5 }, 1],
      ['concurrency', { maxConcurrent: 1 }, 200],
    ])('shares a %s that is too small among all, also without jitter', async (_kind, budget, durationMs) => {
      const { scheduler, starts } = start(durationMs, { random: Math.random })
      const targets = targetsOf(100, budget)
      scheduler.setTargets(targets)
      await jest.advanceTimersByTimeAsync(40 * INTERVAL_MS)
      const counts = targets.map((target) => startsOf(starts, target).length)
      expect(Math.min(...counts)).toBeGreaterThan(4)
      expect(Math.max(...counts)).toBeLessThan(41)
      for (const times of starts.values())
        for (const gap of gapsOf(times)) expect(gap).toBeGreaterThanOrEqual(INTERVAL_MS - 1)
      scheduler.stop()
    })

    test('spreads first probes as its rate allows, and leaves none of them out for it', async () => {
      const { scheduler, starts, startedAt } = start(1)
      scheduler.setTargets(targetsOf(40, { maxRate: 10 }))
      await jest.advanceTimersByTimeAsync(2000)
      expect(starts.size).toBeGreaterThan(10)
      expect(starts.size).toBeLessThan(30)
      await jest.advanceTimersByTimeAsync(4000)
      expect(starts.size).toBe(40)
      const firsts = [...starts.values()].map(([first = 0]) => first - startedAt)
      expect(Math.max(...firsts)).toBeGreaterThan(3000)
      scheduler.stop()
    })

    test('takes a budget that was changed from then on', async () => {
      const { scheduler, starts } = start(1)
      const targets = targetsOf(50)
      scheduler.setTargets(targets)
      await jest.advanceTimersByTimeAsync(5 * INTERVAL_MS)
      const limited = targets.map((target) => ({ ...target, check: { ...target.check, maxRate: 1 } }))
      scheduler.setTargets(limited)
      await jest.advanceTimersByTimeAsync(INTERVAL_MS)
      const before = [...starts.values()].flat().length
      await jest.advanceTimersByTimeAsync(5 * INTERVAL_MS)
      const made = [...starts.values()].flat().length - before
      expect(made).toBeLessThanOrEqual(51)
      expect(made).toBeGreaterThan(25)
      scheduler.stop()
    })
  })

  test('leaves no timer behind when it stops', async () => {
    const { scheduler, results } = start(500)
    scheduler.setTargets(targetsOf(20))
    await jest.advanceTimersByTimeAsync(300)
    scheduler.stop()
    await jest.advanceTimersByTimeAsync(0)
    expect(jest.getTimerCount()).toBe(0)
    expect(scheduler.stats).toMatchObject({ targets: 0, running: 0 })
    expect(results).toEqual([])
  })
})
