import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { type TargetState, UNSEEN, type ViewState } from './target-state.ts'
import { TargetStates } from './target-states.ts'

const stateOf = (change: Partial<ViewState>): TargetState => ({ global: { ...UNSEEN, ...change }, vantages: new Map() })
const upAt = (since: number): TargetState => stateOf({ verdict: Verdict.up, since })
const idOf = (number: number): string => `target-${number}`

/** Changes one after the other, each of some targets. */
const changes = fc.array(fc.uniqueArray(fc.nat(60), { maxLength: 30 }), { maxLength: 12 })

describe('states of targets', () => {
  test('are what a map of them is, whatever is changed', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const map = new Map<string, TargetState>()
        let states = TargetStates.of([])
        for (const [at, numbers] of all.entries()) {
          const changed = numbers.map((number) => [idOf(number), upAt(at)] as const)
          for (const [id, state] of changed) map.set(id, state)
          states = states.with(changed)
        }
        expect(states.size).toBe(map.size)
        expect(new Map(states)).toEqual(map)
        expect([...states.keys()].sort()).toEqual([...map.keys()].sort())
        expect([...states.values()]).toHaveLength(map.size)
        for (let number = 0; number <= 60; number++) {
          expect(states.get(idOf(number))).toBe(map.get(idOf(number)))
          expect(states.has(idOf(number))).toBe(map.has(idOf(number)))
        }
      }),
    )
  })

  test('have one order, however they came to be', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const numbers = all.flat()
        const oneByOne = numbers.reduce((states, n) => states.with([[idOf(n), upAt(n)]]), TargetStates.of([]))
        const atOnce = TargetStates.of([...new Set(numbers)].sort().map((n) => [idOf(n), upAt(n)] as const))
        expect([...oneByOne]).toEqual([...atOnce])
      }),
    )
  })

  test('do not change: an earlier version stays what it was', () => {
    const before = TargetStates.of([['a', upAt(1)]])
    before.with([
      ['a', upAt(2)],
      ['b', upAt(2)],
    ])
    expect([...before]).toEqual([['a', upAt(1)]])
    expect(before.with([])).toBe(before)
  })

  test('tell what is another since an earlier version, also when there are many more', () => {
    fc.assert(
      fc.property(changes, fc.nat(12), (all, from) => {
        let states = TargetStates.of([])
        let before = states
        for (const [at, numbers] of all.entries()) {
          if (at === from) before = states
          states = states.with(numbers.map((number) => [idOf(number), upAt(at)] as const))
        }
        const changed = [...states.keys()].filter((id) => states.get(id) !== before.get(id))
        expect(states.changedSince(before)).toEqual(changed)
      }),
    )
  })

  test('know which of them time changes, and when first', () => {
    const waits = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })), { maxLength: 40 })
    fc.assert(
      fc.property(waits, fc.nat(20), (ends, timeMs) => {
        const states = TargetStates.of(ends.map((heldUntil, i) => [idOf(i), stateOf({ heldUntil })] as const))
        const due = ends.flatMap((end, i) => (end > 0 && end <= timeMs ? [idOf(i)] : []))
        expect(states.due(timeMs).sort()).toEqual(due.sort())
        expect(states.changesAt()).toBe(Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end > 0)))
      }),
    )
  })
})
