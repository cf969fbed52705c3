import type { Override, Report } from '@windrose/health'
import type { Store, StoreEvent } from './store.ts'

/** What every store must do, run by each of them. `make` gives an empty store; the suite closes it. */
export function storeContract(name: string, make: () => Promise<Store>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let store: Store
    beforeEach(async () => {
      store = await make()
    })
    afterEach(() => store.close())

    describe('reports', () => {
      test('a published report is held as it was', async () => {
        expect(await store.publish([report()])).toEqual([])
        expect(await store.reports()).toEqual([report()])
      })

      test('all fields survive, also those that need not be there', async () => {
        const full = report({ degraded: true, stability: 16_777_215, reason: 'status 200; "\u00e9\n' })
        await store.publish([full])
        expect(await store.reports()).toEqual([full])
      })

      test.each([
        ['a later sequence', { sequence: 2 }, 'taken'],
        ['the same sequence', { sequence: 1 }, 'refused'],
        ['an earlier sequence', { sequence: 0 }, 'refused'],
        ['a later incarnation that begins to count anew', { incarnation: 2, sequence: 0 }, 'taken'],
        ['an earlier incarnation that has counted further', { incarnation: 0, sequence: 9 }, 'refused'],
      ] as const)('of one target, %s is %3$s', async (_, change, fate) => {
        const second = report({ ...change, reason: 'second' })
        await store.publish([report()])
        expect(await store.publish([second])).toEqual(fate === 'taken' ? [] : [second])
        expect(await store.reports()).toEqual([fate === 'taken' ? second : report()])
      })

      test('an earlier incarnation is refused for targets that the later one has not reported yet', async () => {
        await store.publish([report({ incarnation: 2 })])
        const late = report({ incarnation: 1, target: 't2' })
        expect(await store.publish([late])).toEqual([late])
        expect(await store.reports()).toHaveLength(1)
      })

      test('one refused report does not keep the others of its batch out', async () => {
        await store.publish([report({ sequence: 5 })])
        const old = report({ sequence: 4 })
        expect(await store.publish([old, report({ target: 't2', sequence: 6 })])).toEqual([old])
        expect((await store.reports()).map((held) => held.target).sort()).toEqual(['t1', 't2'])
      })

      test('agents do not stand in for each other', async () => {
        await store.publish([report({ sequence: 9 }), report({ agent: 'b', sequence: 1 })])
        expect((await store.reports()).map((held) => held.agent).sort()).toEqual(['a', 'b'])
      })
    })

    describe('incarnations', () => {
      test('every enrolment of an agent gives a larger number', async () => {
        const first = await store.enroll('a')
        const second = await store.enroll('a')
        expect(second).toBeGreaterThan(first)
        expect(await store.enroll('a')).toBeGreaterThan(second)
      })

      test('an enrolment puts an end to the incarnation before it, whose reports stand until they are replaced', async () => {
        const first = await store.enroll('a')
        const held = report({ incarnation: first })
        await store.publish([held])
        await store.enroll('a')
        const late = report({ incarnation: first, sequence: 2 })
        expect(await store.publish([late])).toEqual([late])
        expect(await store.reports()).toEqual([held])
      })
    })

    describe('retain', () => {
      test('drops what the agent probes no longer, and nothing of another agent', async () => {
        await store.publish([report(), report({ target: 't2', sequence: 2 }), report({ agent: 'b' })])
        expect(await store.retain({ agent: 'a', incarnation: 1 }, ['t2', 't3'])).toBe(true)
        const held = (await store.reports()).map((one) => `${one.agent} ${one.target}`)
        expect(held.sort()).toEqual(['a t2', 'b t1'])
      })

      test('is refused to an incarnation that a later one has followed', async () => {
        await store.publish([report({ incarnation: 2 })])
        expect(await store.retain({ agent: 'a', incarnation: 1 }, [])).toBe(false)
        expect(await store.reports()).toHaveLength(1)
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
    })

    describe('events', () => {
      test('tell what was taken, withdrawn and overridden, in that order', async () => {
        const heard = listen(store)
        await store.publish([report()])
        await store.retain({ agent: 'a', incarnation: 1 }, [])
        await store.putOverride(override())
        await store.removeOverride('o1')
        await until(() => heard.length === 4)
        expect(heard).toEqual([
          { kind: 'reports', reports: [report()] },
          { kind: 'withdrawn', reports: [report()] },
          { kind: 'overrides', overrides: [override()] },
          { kind: 'overrides', overrides: [] },
        ])
      })

      test('a report that repeats the verdict is told too: it says that the agent lives', async () => {
        const heard = listen(store)
        await store.publish([report()])
        await store.publish([report({ sequence: 2 })])
        await until(() => heard.length === 2)
      })

      test('nothing is told of what was refused, nor of a change that changed nothing', async () => {
        await store.publish([report({ sequence: 2 })])
        const heard = listen(store)
        await store.publish([report()])
        await store.retain({ agent: 'a', incarnation: 1 }, ['t1'])
        await store.removeOverride('none')
        await store.putOverride(override())
        await until(() => heard.length > 0)
        expect(heard.map((event) => event.kind)).toEqual(['overrides'])
      })

      test('a listener is never called within the call that made the change', async () => {
        let within = true
        const heard: boolean[] = []
        store.subscribe(() => heard.push(within))
        const done = store.publish([report()])
        within = false
        await done
        await until(() => heard.length === 1)
        expect(heard).toEqual([false])
      })

      test('a listener that has left hears no more, and the others still do', async () => {
        const gone: StoreEvent[] = []
        const leave = store.subscribe((event) => gone.push(event))
        const heard = listen(store)
        leave()
        leave()
        await store.publish([report()])
        await until(() => heard.length === 1)
        expect(gone).toEqual([])
      })

      test('a listener that subscribed twice and left once hears things once', async () => {
        const heard: StoreEvent[] = []
        const listener = (event: StoreEvent) => heard.push(event)
        store.subscribe(listener)
        const leave = store.subscribe(listener)
        leave()
        const other = listen(store)
        await store.publish([report()])
        await until(() => other.length === 1 && heard.length > 0)
        expect(heard).toHaveLength(1)
      })
    })

    test('a closed store refuses everything, and closes again without complaint', async () => {
      await store.close()
      await expect(store.publish([report()])).rejects.toThrow('closed')
      await expect(store.reports()).rejects.toThrow('closed')
      await expect(store.retain({ agent: 'a', incarnation: 1 }, [])).rejects.toThrow('closed')
      await expect(store.putOverride(override())).rejects.toThrow('closed')
      await expect(store.removeOverride('o1')).rejects.toThrow('closed')
      await expect(store.overrides()).rejects.toThrow('closed')
      await expect(store.enroll('a')).rejects.toThrow('closed')
      await store.close()
    })
  })
}

function report(change: Partial<Report> = {}): Report {
  return {
    agent: 'a',
    vantage: 'eu-west',
    incarnation: 1,
    sequence: 1,
    target: 't1',
    verdict: 1,
    since: 1_000,
    stability: 30,
    reason: 'status 200',
    at: 2_000,
    ...change,
  }
}

function override(change: Partial<Override> = {}): Override {
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

function listen(store: Store): StoreEvent[] {
  const heard: StoreEvent[] = []
  store.subscribe((event) => heard.push(event))
  return heard
}

/** A store may be a network away: events come when they come. */
async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error('nothing happened within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
