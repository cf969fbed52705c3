import { makeProbeTarget, PUSH_TIMING } from '@windrose/health'
import { createMemoryStore, type Store } from '@windrose/store'
import { type PushAgent, startPushAgent } from './push-agent.ts'

const target = makeProbeTarget('192.0.2.1', 'ipv4', { ...PUSH_TIMING, name: 'worker', type: 'push', ttlMs: 150 })
let store: Store
let agent: PushAgent
beforeEach(() => {
  store = createMemoryStore()
  agent = startPushAgent({ name: 'push-one', store, version: '0.1.0', random: Math.random, now: Date.now })
  agent.setTargets([target])
})
afterEach(async () => {
  await agent.stop()
  await store.close()
})

const word = () => store.book.reports(target.id)[0]
async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 3000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`it did not happen within 3 s; the word is ${JSON.stringify(word())}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe('a target that pushes', () => {
  test('is up by its first push, and down when none follows within the time', async () => {
    expect(agent.push(target.id, { status: 'ok', reason: '' })).toBe(true)
    await until(() => word()?.verdict === 1)
    expect(word()).toMatchObject({ reason: 'pushed ok', vantage: 'push' })
    await until(() => word()?.verdict === 2)
    expect(word()!.reason).toMatch(/^no push within/)
    agent.push(target.id, { status: 'warning', reason: 'queue is long' })
    await until(() => word()?.verdict === 1)
    expect(word()).toMatchObject({ degraded: true, reason: 'queue is long' })
  })

  test('stays up as long as it goes on pushing', async () => {
    const verdicts = new Set<number | undefined>()
    for (let i = 0; i < 12; i++) {
      agent.push(target.id, { status: 'ok', reason: '' })
      await new Promise((resolve) => setTimeout(resolve, 30))
      verdicts.add(word()?.verdict)
    }
    expect([...verdicts]).toEqual([1])
  })

  test('is down at once when it says so', async () => {
    agent.push(target.id, { status: 'critical', reason: 'disk is full' })
    await until(() => word()?.verdict === 2)
    expect(word()!.reason).toBe('disk is full')
  })

  test('is reported under a number above the last that was kept', async () => {
    const kept: number[] = []
    const floor = { read: () => 41, write: (incarnation: number) => void kept.push(incarnation) }
    const one = startPushAgent({ name: 'push-two', store, version: '0', random: Math.random, now: Date.now, floor })
    one.setTargets([target])
    await until(() => store.book.agents.get('push-two')?.incarnation === 42)
    expect(kept).toEqual([42])
    await one.stop()
  })

  test('that never pushed is unknown first, then down', async () => {
    await until(() => word() !== undefined)
    expect(word()).toMatchObject({ verdict: 0, reason: 'no push yet' })
    await until(() => word()?.verdict === 2)
  })

  test('that is not awaited is not taken in', async () => {
    expect(agent.push('0'.repeat(32), { status: 'ok', reason: '' })).toBe(false)
    agent.push(target.id, { status: 'ok', reason: '' })
    await until(() => word()?.verdict === 1)
    agent.setTargets([])
    await until(() => word() === undefined)
    expect(agent.push(target.id, { status: 'ok', reason: '' })).toBe(false)
  })
})
