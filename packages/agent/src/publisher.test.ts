import { createMemoryStore, type Store, type StoreEvent } from '@windrose/store'
import { Publisher, type ReportContent } from './publisher.ts'

function content(target: string, reason = 'status 200'): ReportContent {
  return { target, verdict: 1, since: 1, stability: 30, reason, at: 2 }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 3000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error('nothing happened within 3 s')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** A memory store of which some calls fail for a while. */
function failingStore(): { store: Store; away: Set<keyof Store> } {
  const inner = createMemoryStore()
  const away = new Set<keyof Store>()
  const store = new Proxy(inner, {
    get: (_, name: keyof Store) => {
      if (away.has(name)) return async () => Promise.reject(new Error('away'))
      const method = inner[name] as (...args: unknown[]) => unknown
      return method.bind(inner)
    },
  })
  return { store, away }
}

describe('the publisher', () => {
  test('brings what is said in one turn in one batch, numbered in its order', async () => {
    const store = createMemoryStore()
    const heard: StoreEvent[] = []
    store.subscribe((event) => heard.push(event))
    const publisher = new Publisher(store, 'a', 'eu')
    publisher.report(content('t1'))
    publisher.report(content('t2'))
    await until(() => heard.length > 0)
    expect(heard).toHaveLength(1)
    expect(await store.reports()).toMatchObject([
      { target: 't1', agent: 'a', vantage: 'eu', incarnation: 1, sequence: 1 },
      { target: 't2', agent: 'a', vantage: 'eu', incarnation: 1, sequence: 2 },
    ])
    await publisher.stop()
  })

  test('says only the latest of what waits for one target', async () => {
    const store = createMemoryStore()
    const publisher = new Publisher(store, 'a', 'eu')
    publisher.report(content('t1', 'first'))
    publisher.report(content('t1', 'second'))
    await until(() => publisher.stats.published > 0)
    expect(await store.reports()).toMatchObject([{ reason: 'second', sequence: 1 }])
    await publisher.stop()
  })

  test('numbers on from batch to batch, and never loses what is said between two', async () => {
    const store = createMemoryStore()
    const publisher = new Publisher(store, 'a', 'eu')
    for (let count = 1; count <= 50; count++) {
      publisher.report(content(`t${count}`))
      // As many turns as it takes to hit the end of a batch in every place.
      for (let wait = 0; wait < count % 5; wait++) await Promise.resolve()
      if (count % 7 === 0) await turn()
    }
    await until(() => publisher.stats.published === 50)
    const sequences = (await store.reports()).map((report) => report.sequence)
    expect(new Set(sequences).size).toBe(50)
    await publisher.stop()
  })

  test.each(['enroll', 'publish', 'retain'] as const)(
    'tries again when %s fails, with the latest word',
    async (call) => {
      const { store, away } = failingStore()
      away.add(call)
      const publisher = new Publisher(store, 'a', 'eu', 30)
      publisher.retain(['t1', 't2'])
      publisher.report(content('t1', 'first'))
      publisher.report(content('t2', 'kept'))
      await until(() => publisher.stats.publishFailures === 1)
      publisher.report(content('t1', 'second'))
      away.clear()
      await until(() => publisher.stats.published > 0)
      const held = (await store.reports()).map((report) => `${report.target} ${report.reason}`)
      expect(held.sort()).toEqual(['t1 second', 't2 kept'])
      await publisher.stop()
    },
  )

  test('does not bring back a target that was dropped while the store was away', async () => {
    const { store, away } = failingStore()
    away.add('publish')
    const publisher = new Publisher(store, 'a', 'eu', 30)
    publisher.retain(['t1', 't2'])
    publisher.report(content('t1'))
    publisher.report(content('t2'))
    await until(() => publisher.stats.publishFailures === 1)
    publisher.retain(['t2'])
    away.clear()
    await until(() => publisher.stats.published > 0)
    expect((await store.reports()).map((report) => report.target)).toEqual(['t2'])
    await publisher.stop()
  })

  test('nor one that was dropped while the batch that failed was under way', async () => {
    const inner = createMemoryStore()
    let fail: (reason: Error) => void = () => undefined
    let calls = 0
    const publish: Store['publish'] = (reports) =>
      calls++ > 0
        ? inner.publish(reports)
        : new Promise((_, reject) => {
            fail = reject
          })
    const store = new Proxy(inner, {
      get: (_, name: keyof Store) => (name === 'publish' ? publish : (inner[name] as () => unknown).bind(inner)),
    })
    const publisher = new Publisher(store, 'a', 'eu', 30)
    publisher.report(content('t1'))
    publisher.report(content('t2'))
    await until(() => calls === 1)
    publisher.retain(['t2'])
    fail(new Error('away'))
    await until(() => publisher.stats.published > 0)
    expect((await inner.reports()).map((report) => report.target)).toEqual(['t2'])
    await publisher.stop()
  })

  test('takes back the reports of targets that it no longer has', async () => {
    const store = createMemoryStore()
    const publisher = new Publisher(store, 'a', 'eu')
    publisher.report(content('t1'))
    publisher.report(content('t2'))
    await until(() => publisher.stats.published === 2)
    publisher.retain(['t2'])
    await turn()
    await publisher.stop()
    expect((await store.reports()).map((report) => report.target)).toEqual(['t2'])
  })

  test('counts what a later incarnation of the same agent makes void', async () => {
    const store = createMemoryStore()
    const publisher = new Publisher(store, 'a', 'eu')
    publisher.report(content('t1', 'old'))
    await until(() => publisher.stats.published === 1)
    await store.enroll('a')
    publisher.report(content('t1', 'late'))
    await until(() => publisher.stats.refused === 1)
    expect(await store.reports()).toMatchObject([{ reason: 'old' }])
    await publisher.stop()
  })

  test('stops at once while it waits to try again, and says nothing after', async () => {
    const { store, away } = failingStore()
    away.add('publish')
    const publisher = new Publisher(store, 'a', 'eu')
    publisher.report(content('t1'))
    await until(() => publisher.stats.publishFailures === 1)
    const before = performance.now()
    await publisher.stop()
    expect(performance.now() - before).toBeLessThan(200)
    away.clear()
    publisher.report(content('t1'))
    await turn()
    await turn()
    expect(await store.reports()).toEqual([])
  })
})
