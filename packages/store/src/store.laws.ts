import type { Override, Report } from '@windrose/health'
import type { Lease } from './lease.ts'
import { RecordingFollower } from './recording-follower.fixture.ts'
import type { ReportBatch, TargetReport } from './report-batch.ts'
import type { PoolLoad, ServerLoad } from './server-load.ts'
import type { Store } from './store.ts'

jest.setTimeout(15_000)

/** What every store must do, run by each of them. `make` gives an empty store; the suite closes it. */
export function storeContract(name: string, make: () => Promise<Store>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let store: Store
    let seen: RecordingFollower
    beforeEach(async () => {
      store = await make()
      seen = new RecordingFollower()
      store.follow(seen)
      await until(() => seen.all.length === 1)
    })
    afterEach(() => store.close())

    const held = (target = T1): readonly Report[] => store.book.reports(target)
    const eventually = (count: number, target = T1) => until(() => held(target).length === count)

    describe('reports', () => {
      test('are held as they were published', async () => {
        const incarnation = await store.enroll('a', 0)
        expect(await store.publishWhole(batch({ incarnation, reports: [said()] }))).toBe('taken')
        expect(await store.renew(lease({ incarnation }))).toBe('taken')
        await until(() => held()[0]?.vantage === 'eu-west')
        expect(held()).toEqual([
          {
            ...said(),
            agent: 'a',
            vantage: 'eu-west',
            incarnation,
            sequence: 1,
            at: 1_700_000_000_123,
            degraded: false,
          },
        ])
      })

      test('with all fields, also those that need not be there', async () => {
        const full = said({ degraded: true, stability: 65_535, reason: 'status 200; "\u00e9\n', latencyMs: 12.3 })
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, reports: [full] }))
        await eventually(1)
        const { latencyMs, ...rest } = held()[0]!
        expect(rest).toMatchObject({ degraded: true, stability: 65_535, reason: full.reason, since: full.since })
        expect(Math.abs(latencyMs! / 12.3 - 1)).toBeLessThan(0.03)
      })

      test('that follow replace what was said on the same targets, and leave the others', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, reports: [said(), said({ target: T2 })] }))
        await store.publish(batch({ incarnation, sequence: 2, reports: [said({ verdict: 2, reason: 'refused' })] }))
        await until(() => held()[0]?.verdict === 2)
        expect(held()[0]).toMatchObject({ sequence: 2, reason: 'refused' })
        expect(held(T2)).toMatchObject([{ verdict: 1, sequence: 1 }])
      })

      test('are gone when the agent drops the target, and come back when it reports again', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, reports: [said(), said({ target: T2 })] }))
        await store.publish(batch({ incarnation, sequence: 2, dropped: [T1] }))
        await eventually(1, T2)
        await eventually(0)
        await store.publish(batch({ incarnation, sequence: 3, reports: [said()] }))
        await eventually(1)
      })

      test('that are whole put an end to all that was said before', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, reports: [said(), said({ target: T2 })] }))
        await eventually(1, T2)
        await store.publishWhole(batch({ incarnation, sequence: 2, reports: [said()] }))
        await eventually(0, T2)
        expect(held()).toHaveLength(1)
      })

      test('of a batch that is published twice are there once', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, reports: [] }))
        const second = batch({ incarnation, sequence: 2, reports: [said()] })
        expect(await store.publish(second)).toBe('taken')
        expect(await store.publish(second)).toBe('taken')
        await store.publish(batch({ incarnation, sequence: 3, reports: [said({ target: T2 })] }))
        await eventually(1, T2)
        expect(held()).toMatchObject([{ sequence: 2 }])
      })

      test('that come late do not undo what came after them', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, sequence: 3, reports: [said({ verdict: 2 })] }))
        expect(await store.publishWhole(batch({ incarnation, sequence: 2, reports: [said()] }))).toBe('unknown')
        expect(await store.publish(batch({ incarnation, sequence: 2, reports: [said()] }))).toBe('unknown')
        await store.publish(batch({ incarnation, sequence: 4, reports: [said({ target: T2 })] }))
        await eventually(1, T2)
        expect(held()).toMatchObject([{ verdict: 2, sequence: 3 }])
      })

      test('of one agent do not stand in for those of another', async () => {
        for (const agent of ['a', 'b']) {
          const incarnation = await store.enroll(agent, 0)
          await store.publishWhole(batch({ agent, incarnation, reports: [said()] }))
        }
        await eventually(2)
        expect(
          held()
            .map(({ agent }) => agent)
            .sort(),
        ).toEqual(['a', 'b'])
      })

      test('are told by their keys', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation, reports: [] }))
        await store.publish(batch({ incarnation, sequence: 2, reports: [said()] }))
        await until(() => seen.keys.has(0x111111111111))
      })
    })

    describe('incarnations', () => {
      test('grow with every enrolment, and beyond what the agent had elsewhere', async () => {
        const first = await store.enroll('a', 0)
        const second = await store.enroll('a', 0)
        expect(second).toBeGreaterThan(first)
        expect(await store.enroll('a', 1000)).toBe(1001)
        expect(await store.enroll('a', 5)).toBe(1002)
      })

      test('that are not the latest are fenced: their batches and leases change nothing', async () => {
        const first = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation: first, reports: [said()] }))
        const second = await store.enroll('a', 0)
        const late = batch({ incarnation: first, sequence: 2, reports: [said({ verdict: 2 })] })
        expect(await store.publish(late)).toBe('fenced')
        expect(await store.publishWhole(late)).toBe('fenced')
        expect(await store.renew(lease({ incarnation: first }))).toBe('fenced')
        expect(await store.publishWhole(batch({ incarnation: second, reports: [said()] }))).toBe('taken')
        await until(() => held()[0]?.incarnation === second)
        expect(held()).toMatchObject([{ verdict: 1 }])
      })

      test('that are later than the store knows are unknown: it has forgotten, and nobody has followed them', async () => {
        await store.enroll('a', 0)
        expect(await store.publish(batch({ incarnation: 9 }))).toBe('unknown')
        expect(await store.publishWhole(batch({ incarnation: 9 }))).toBe('unknown')
        expect(await store.renew(lease({ incarnation: 9 }))).toBe('unknown')
      })

      test('that the store has never heard of are unknown', async () => {
        expect(await store.publish(batch({ incarnation: 4 }))).toBe('unknown')
        expect(await store.publishWhole(batch({ incarnation: 4 }))).toBe('unknown')
        expect(await store.renew(lease({ incarnation: 4 }))).toBe('unknown')
      })
    })

    describe('leases', () => {
      test('make an agent alive, for as long as they say', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.renew(lease({ incarnation, ttlMs: 1500 }))
        await until(() => store.book.agents.get('a')?.alive === true)
        expect(store.book.agents.get('a')).toMatchObject({ vantage: 'eu-west', incarnation, isolated: false })
        await until(() => store.book.agents.get('a')?.alive === false)
        expect(seen.agents).toBeGreaterThan(1)
      })

      test('tell of isolation', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.renew(lease({ incarnation }))
        await until(() => store.book.agents.get('a')?.alive === true)
        await store.renew(lease({ incarnation, beat: 2, isolated: true }))
        await until(() => store.book.agents.get('a')?.isolated === true)
      })

      test('that tell of a batch which is not there are unknown: the store has lost it', async () => {
        const incarnation = await store.enroll('a', 0)
        await store.publishWhole(batch({ incarnation }))
        expect(await store.renew(lease({ incarnation, sequence: 2 }))).toBe('unknown')
        expect(await store.renew(lease({ incarnation, sequence: 1 }))).toBe('taken')
      })

      test('can be given up, but not by an earlier incarnation', async () => {
        const first = await store.enroll('a', 0)
        const second = await store.enroll('a', 0)
        await store.renew(lease({ incarnation: second }))
        await until(() => store.book.agents.get('a')?.alive === true)
        await store.leave('a', first)
        await store.renew(lease({ incarnation: second, beat: 2 }))
        expect(store.book.agents.get('a')?.alive).toBe(true)
        await store.leave('a', second)
        await until(() => store.book.agents.get('a')?.alive === false)
      })
    })

    describe('what is to be probed', () => {
      test('is what the living servers say, each different set once', async () => {
        await store.publishChecks('one', set('r1'), 60_000)
        await store.publishChecks('two', set('r1'), 60_000)
        await store.publishChecks('three', set('r2'), 60_000)
        expect((await store.checkSets()).map(({ revision }) => revision).sort()).toEqual(['r1', 'r2'])
        await store.publishChecks('three', set('r1'), 60_000)
        expect(await store.checkSets()).toEqual([set('r1')])
        // The rest of their configurations may differ.
        await store.publishChecks('two', { ...set('r1'), revision: 'other' }, 60_000)
        expect(await store.checkSets()).toHaveLength(1)
      })

      test('stays for a while when the server stops that alone wants it, or others may be gone, too', async () => {
        await store.publishChecks('one', set('r1'), 60_000)
        await store.publishChecks('two', set('r2'), 60_000)
        await store.publishChecks('three', set('r1'), 100)
        await store.withdraw('one', 1000)
        await new Promise((resolve) => setTimeout(resolve, 150))
        expect((await store.checkSets()).map(({ revision }) => revision).sort()).toEqual(['r1', 'r2'])
      })

      test('is another server\u2019s word alone when a server stops that wanted the same', async () => {
        await store.publishChecks('one', set('r1'), 60_000)
        await store.publishChecks('two', set('r1'), 200)
        await store.withdraw('one', 0)
        expect(await store.checkSets()).toEqual([set('r1')])
        await new Promise((resolve) => setTimeout(resolve, 250))
        expect(await store.checkSets()).toEqual([])
        await store.publishChecks('one', set('r1'), 60_000)
        expect(await store.checkSets()).toEqual([set('r1')])
      })

      test('ends with the server that wanted it', async () => {
        await store.publishChecks('one', set('r1'), 100)
        await new Promise((resolve) => setTimeout(resolve, 150))
        expect(await store.checkSets()).toEqual([])
      })
    })

    describe('loads', () => {
      test('are what the servers say, added up by service and site', async () => {
        for (const [server, perSecond] of [
          ['one', 10],
          ['two', 2.5],
        ] as const) {
          const incarnation = await store.enrollServer(server, 0)
          const pools = [pool({ perSecond }), pool({ site: 'iad', perSecond: 1 })]
          expect(await store.publishLoad(load({ server, incarnation, pools }), 60_000)).toBe('taken')
        }
        await until(() => store.loads.servers.size === 2)
        expect(store.loads.servers.get('two')).toMatchObject(
          load({ server: 'two', pools: [pool({ perSecond: 2.5 }), pool({ site: 'iad', perSecond: 1 })] }),
        )
        expect(store.loads.byPool()).toEqual([
          { service: 'web', site: 'fra', perSecond: 12.5, smoothed: 8 },
          { service: 'web', site: 'iad', perSecond: 2, smoothed: 8 },
        ])
        expect(store.loads.age()).toBeLessThan(5000)
      })

      test('are followed by what is counted later, and by nothing that was counted before', async () => {
        const incarnation = await store.enrollServer('one', 0)
        const say = (sequence: number, perSecond: number) =>
          store.publishLoad(load({ incarnation, sequence, pools: [pool({ perSecond })] }), 60_000)
        await say(2, 20)
        await until(() => store.loads.bySite().get('fra')?.perSecond === 20)
        expect(await say(1, 10)).toBe('unknown')
        expect(await say(2, 10)).toBe('taken')
        await say(3, 30)
        await until(() => store.loads.bySite().get('fra')?.perSecond === 30)
      })

      test('end some time after the server', async () => {
        const incarnation = await store.enrollServer('one', 0)
        await store.publishLoad(load({ incarnation }), 3000)
        await until(() => store.loads.servers.size === 1)
        await until(() => store.loads.servers.size === 0, 14_000)
        expect(store.loads.age()).toBeUndefined()
      })

      test('are written by the latest incarnation of a server alone', async () => {
        const first = await store.enrollServer('one', 0)
        const second = await store.enrollServer('one', 0)
        expect(second).toBeGreaterThan(first)
        expect(await store.publishLoad(load({ incarnation: second }), 60_000)).toBe('taken')
        await until(() => store.loads.servers.get('one')?.incarnation === second)
        expect(await store.publishLoad(load({ incarnation: first, sequence: 9 }), 60_000)).toBe('fenced')
        expect(await store.publishLoad(load({ incarnation: second + 1 }), 60_000)).toBe('unknown')
        expect(await store.publishLoad(load({ server: 'two', incarnation: 4 }), 60_000)).toBe('unknown')
        expect(await store.enrollServer('one', 50)).toBe(51)
        expect(await store.enroll('one', 0)).toBe(1)
      })
    })

    describe('the keeper', () => {
      test('is one server at a time, until its lease ends', async () => {
        const fence = await store.keep('one', 100)
        expect(fence).toBeDefined()
        expect(await store.keep('two', 100)).toBeUndefined()
        expect(await store.keep('one', 100)).toBe(fence)
        await new Promise((resolve) => setTimeout(resolve, 150))
        expect(await store.keep('two', 100)).toBeGreaterThan(fence!)
      })

      test('writes states that others are told of, and one that was followed by another writes nothing', async () => {
        const fence = (await store.keep('one', 100))!
        const states = new Map([[T1, Uint8Array.of(1, 2, 3)]])
        expect(await store.putStates({ server: 'one', fence }, { sequence: 1, states, whole: true })).toBe(true)
        const more = new Map([[T2, Uint8Array.of(4)]])
        expect(await store.putStates({ server: 'one', fence }, { sequence: 2, states: more, whole: false })).toBe(true)
        await until(() => seen.states.size === 2)
        expect([...seen.states.get(T1)!]).toEqual([1, 2, 3])
        await new Promise((resolve) => setTimeout(resolve, 150))
        await store.keep('two', 1000)
        expect(await store.putStates({ server: 'one', fence }, { sequence: 3, states, whole: false })).toBe(false)
      })
    })

    describe('overrides', () => {
      test('are listed oldest first, whatever the order they were put in', async () => {
        await store.putOverride(override({ id: 'late', createdAt: 20 }))
        expect(await store.putOverride(override({ id: 'early', createdAt: 10 }))).toEqual({ changed: true })
        expect((await store.overrides()).map((one) => one.id)).toEqual(['early', 'late'])
      })

      test('with all their fields', async () => {
        const full = override({
          target: { kind: 'endpoint', service: 'web', site: '*', endpoint: '2001:db8::1' },
          expiresAt: 99,
        })
        await store.putOverride(full)
        expect(await store.overrides()).toEqual([full])
      })

      test('one with a known id replaces it', async () => {
        await store.putOverride(override({ reason: 'first' }))
        await store.putOverride(override({ reason: 'second' }))
        expect(await store.overrides()).toEqual([override({ reason: 'second' })])
      })

      test('a removed one is gone, and removing it again changes nothing', async () => {
        await store.putOverride(override())
        expect(await store.removeOverride('o1')).toEqual({ changed: true })
        expect(await store.removeOverride('o1')).toEqual({ changed: false })
        expect(await store.overrides()).toEqual([])
      })

      test('one that is over is ended, but not if it was changed meanwhile', async () => {
        const over = override({ expiresAt: Date.now() - 5000 })
        await store.putOverride(over)
        await store.putOverride({ ...over, expiresAt: over.expiresAt! + 1000 })
        expect(await store.endOverride(over)).toEqual({ changed: false })
        expect(await store.overrides()).toHaveLength(1)
        expect(await store.endOverride({ ...over, expiresAt: over.expiresAt! + 1000 })).toEqual({ changed: true })
        expect(await store.overrides()).toEqual([])
        expect(await store.audit(1)).toMatchObject([{ action: 'remove', by: 'its end' }])
      })

      test('are told as they are after each change', async () => {
        await store.putOverride(override())
        await until(() => seen.overrides.length === 1)
        await store.removeOverride('o1')
        await until(() => seen.overrides.length === 0)
      })

      test('leave a line in the audit for each change: what, by whom, when', async () => {
        const before = Date.now() - 1000
        await store.putOverride(override())
        await store.removeOverride('o1', 'ada')
        await store.removeOverride('o1', 'ada')
        const [second, first, ...none] = await store.audit(10)
        expect(none).toEqual([])
        expect(first).toMatchObject({ action: 'put', by: 'ops', override: override() })
        expect(second).toMatchObject({ action: 'remove', by: 'ada', override: override() })
        expect(second!.at).toBeGreaterThan(before)
        expect(await store.audit(1)).toHaveLength(1)
      })
    })

    test('a closed store refuses everything, and closes again without complaint', async () => {
      await store.close()
      await expect(store.publish(batch())).rejects.toThrow('closed')
      await expect(store.publishWhole(batch())).rejects.toThrow('closed')
      await expect(store.renew(lease())).rejects.toThrow('closed')
      await expect(store.checkSets()).rejects.toThrow('closed')
      await expect(store.putOverride(override())).rejects.toThrow('closed')
      await expect(store.removeOverride('o1')).rejects.toThrow('closed')
      await expect(store.overrides()).rejects.toThrow('closed')
      await expect(store.enroll('a', 0)).rejects.toThrow('closed')
      await expect(store.keep('one', 1)).rejects.toThrow('closed')
      await expect(store.enrollServer('one', 0)).rejects.toThrow('closed')
      await expect(store.withdraw('one', 0)).rejects.toThrow('closed')
      await expect(store.publishLoad(load(), 1)).rejects.toThrow('closed')
      await store.close()
    })
  })
}

export const T1: string = '1'.repeat(32)
export const T2: string = '2'.repeat(32)

export function said(change: Partial<TargetReport> = {}): TargetReport {
  return { target: T1, verdict: 1, since: 1_699_999_999_000, stability: 30, reason: 'status 200', ...change }
}

export function batch(change: Partial<ReportBatch> = {}): ReportBatch {
  return { agent: 'a', incarnation: 1, sequence: 1, at: 1_700_000_000_123, reports: [], dropped: [], ...change }
}

export function lease(change: Partial<Lease> = {}): Lease {
  return {
    agent: 'a',
    vantage: 'eu-west',
    incarnation: 1,
    sequence: 0,
    beat: 1,
    ttlMs: 60_000,
    isolated: false,
    targets: 1,
    version: '0.1.0',
    ...change,
  }
}

export function load(change: Partial<ServerLoad> = {}): ServerLoad {
  return { server: 'one', incarnation: 1, sequence: 1, upMs: 5000, pools: [pool()], classes: [], ...change }
}

export function pool(change: Partial<PoolLoad> = {}): PoolLoad {
  return { service: 'web', site: 'fra', answers: 1000, perSecond: 5, smoothed: 4, ...change }
}

function set(revision: string) {
  return { revision, targets: [], controlTargets: [`${revision}.example:53`] }
}

export function override(change: Partial<Override> = {}): Override {
  return {
    id: 'o1',
    target: { kind: 'site', site: 'fra' },
    action: 'drain',
    reason: 'cooling works',
    author: 'ops',
    createdAt: 1_000,
    ...change,
  }
}

/** A store may be a network away: things happen when they happen. */
export async function until(happened: () => boolean, withinMs = 5000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
