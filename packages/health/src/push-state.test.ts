import { type Push, pushResult } from './push-state.ts'

const check = { ttlMs: 30_000 }
const push = (status: Push['status'], reason = ''): Push => ({ status, reason, at: 100_000 })

describe('a pushed target', () => {
  test.each([
    [push('ok'), { outcome: 'success', degraded: false, reason: 'pushed ok' }],
    [push('ok', 'queue is short'), { outcome: 'success', degraded: false, reason: 'queue is short' }],
    [push('warning', 'queue grows'), { outcome: 'success', degraded: true, reason: 'queue grows' }],
    [push('critical', 'queue is full'), { outcome: 'failure', degraded: false, reason: 'queue is full' }],
    [push('critical'), { outcome: 'failure', degraded: false, reason: 'pushed critical' }],
  ])('is what its last push said: %j', (last, expected) => {
    expect(pushResult(last, check, 0, 129_999)).toEqual({ ...expected, durationMs: 0 })
  })

  test('has failed from the moment that its last push is as old as the ttl', () => {
    const failed = { outcome: 'failure', degraded: false, reason: 'no push within 30 s', durationMs: 0 }
    expect(pushResult(push('ok'), check, 0, 130_000)).toEqual(failed)
    expect(pushResult(push('warning'), check, 0, 500_000)).toEqual(failed)
  })

  test('that never pushed is unknown for one ttl from when it was awaited, and then has failed', () => {
    expect(pushResult(undefined, check, 50_000, 79_999)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'no push yet',
    })
    expect(pushResult(undefined, check, 50_000, 80_000)).toMatchObject({ outcome: 'failure' })
  })
})
