import { CHECK_DEFAULTS, type Check, makeProbeTarget, type ProbeTarget } from '@windrose/health'
import { type CheckSet, createMemoryStore } from '@windrose/store'
import { type Assignment, followChecks } from './follow-checks.ts'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

const TARGETS = [1, 2, 3].map((port) => {
  const check = { ...CHECK_DEFAULTS, name: 'c', type: 'tcp', port, timeoutMs: 1000 } as Check
  return makeProbeTarget('192.0.2.1', 'ipv4', check)
})

function setOf(revision: string, targets: readonly ProbeTarget[], controlTargets: readonly string[] = []): CheckSet {
  return { revision, targets, controlTargets }
}

/** Follows a store that answers with what `sets` says at the time. */
function follow(away = false) {
  const state = { sets: [] as readonly CheckSet[], away, asked: 0 }
  const assignments: Assignment[] = []
  const troubles: (string | undefined)[] = []
  const nothing = jest.fn()
  const store = {
    ...createMemoryStore(),
    checkSets: async () => {
      state.asked++
      if (state.away) throw new Error('away')
      return state.sets
    },
  }
  const stop = followChecks(store, () => 0, {
    onAssignment: (assignment) => assignments.push(assignment),
    onNothing: nothing,
    onTrouble: (problem) => troubles.push(problem),
  })
  return { state, assignments, troubles, nothing, stop }
}

describe('following checks', () => {
  test('asks every second until there is something, and then every two', async () => {
    const { state, stop } = follow()
    await jest.advanceTimersByTimeAsync(3500)
    expect(state.asked).toBe(4)
    state.sets = [setOf('a', TARGETS)]
    await jest.advanceTimersByTimeAsync(10_500)
    expect(state.asked).toBe(10)
    stop()
  })

  test('says once that no server has said anything, when the store can be asked', async () => {
    const { state, nothing, stop } = follow(true)
    await jest.advanceTimersByTimeAsync(3000)
    expect(nothing).not.toHaveBeenCalled()
    state.away = false
    await jest.advanceTimersByTimeAsync(5000)
    state.sets = [setOf('a', TARGETS)]
    await jest.advanceTimersByTimeAsync(5000)
    state.sets = []
    await jest.advanceTimersByTimeAsync(5000)
    expect(nothing).toHaveBeenCalledTimes(1)
    stop()
  })

  test('joins what all servers want, and tells of it when it is something else', async () => {
    const { state, assignments, stop } = follow()
    const [one, two, three] = TARGETS
    state.sets = [setOf('a', [one!, two!], ['192.0.2.9:53']), setOf('b', [two!, three!], ['192.0.2.9:53'])]
    await jest.advanceTimersByTimeAsync(6000)
    expect(assignments).toEqual([{ targets: TARGETS, controlTargets: ['192.0.2.9:53'] }])
    state.sets = [setOf('c', [three!])]
    await jest.advanceTimersByTimeAsync(2000)
    expect(assignments.slice(1)).toEqual([{ targets: [three], controlTargets: [] }])
    stop()
  })

  test('leaves the last word alone while the store is away or names nothing', async () => {
    const { state, assignments, troubles, stop } = follow()
    state.sets = [setOf('a', TARGETS)]
    await jest.advanceTimersByTimeAsync(1000)
    state.away = true
    await jest.advanceTimersByTimeAsync(10_000)
    state.away = false
    state.sets = []
    await jest.advanceTimersByTimeAsync(10_000)
    expect(assignments).toHaveLength(1)
    expect(new Set(troubles)).toEqual(new Set([undefined, 'away']))
    expect(troubles.at(-1)).toBeUndefined()
    stop()
  })

  test('has no timer left when it is stopped', async () => {
    const { stop } = follow()
    await jest.advanceTimersByTimeAsync(1500)
    stop()
    expect(jest.getTimerCount()).toBe(0)
  })
})
