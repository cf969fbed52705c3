import { createMemoryStore, type Store, type TargetReport } from '@windrose/store'
import { Publisher, type PublisherOptions } from './publisher.ts'
import { Seat } from './seat.ts'

const T1 = '1'.repeat(32)
const T2 = '2'.repeat(32)
const stores: Store[] = []
const publishers: Publisher[] = []
afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.stop()))
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

describe('the publisher', () => {
  test('says everything at first, then only what is new, each turn in one batch', async () => {
    const { store, calls } = makeStore()
    const publisher = begin(store)
    publisher.report(said(T1))
    publisher.report(said(T2))
    await until(() => calls.length === 1)
    publisher.report(said(T2, 'status 503'))
    await until(() => calls.length === 2)
    expect(calls).toMatchObject([
      { whole: true, sequence: 1, reports: [{ target: T1 }, { target: T2 }] },
      { whole: false, sequence: 2, reports: [{ target: T2, reason: 'status 503' }] },
    ])
    expect(store.book.reports(T1)).toMatchObject([{ agent: 'a', incarnation: 1, sequence: 1 }])
  })

  test('says only the latest of what waits for one target', async () => {
    const { store, calls } = makeStore()
    const publisher = begin(store)
    publisher.report(said(T1, 'first'))
    publisher.report(said(T1, 'second'))
    await until(() => calls.length === 1)
    expect(calls[0]!.reports).toMatchObject([{ reason: 'second' }])
  })

  test('sends what is said in passing with the next batch, and by itself when there is none for a while', async () => {
    const { store, calls } = makeStore()
    const publisher = begin(store, { passingMs: 300 })
    publisher.report(said(T1))
    await until(() => calls.length === 1)
    publisher.mention(said(T1, 'in passing'))
    await turn()
    expect(calls).toHaveLength(1)
    publisher.report(said(T2))
    await until(() => calls.length === 2)
    expect(calls[1]!.reports).toMatchObject([{ target: T1, reason: 'in passing' }, { target: T2 }])
    publisher.mention(said(T1, 'alone'))
    publisher.mention(said(T2, 'together'))
    await until(() => calls.length === 3)
    expect(calls[2]!.reports).toMatchObject([{ reason: 'alone' }, { reason: 'together' }])
  })

  test('never loses what is said while a batch is under way', async () => {
    const { store } = makeStore()
    const publisher = begin(store)
    for (let i = 0; i < 50; i++) {
      publisher.report(said(T1, `status ${i}`))
      await turn()
    }
    await until(() => store.book.reports(T1)[0]?.reason === 'status 49')
  })

  test('says everything again after a batch that failed: what became of it is not known', async () => {
    const { store, calls, away } = makeStore()
    const publisher = begin(store)
    publisher.report(said(T1))
    await until(() => calls.length === 1)
    away.add('publish')
    publisher.report(said(T2))
    await until(() => publisher.stats.publishFailures > 0)
    away.clear()
    await until(() => calls.length === 2)
    expect(calls[1]).toMatchObject({ whole: true, reports: [{ target: T1 }, { target: T2 }] })
  })

  test('enrols as soon as the store can be reached, and only once', async () => {
    const { store, calls, away } = makeStore()
    away.add('enroll')
    const publisher = begin(store)
    publisher.report(said(T1))
    await until(() => publisher.stats.publishFailures > 1)
    away.clear()
    await until(() => calls.length === 1)
    expect(calls[0]!.incarnation).toBe(1)
  })

  test('takes back the reports of targets that it no longer has, and says nothing more of them', async () => {
    const { store, away } = makeStore()
    const publisher = begin(store)
    publisher.report(said(T1))
    publisher.report(said(T2))
    await until(() => store.book.reports(T2).length === 1)
    away.add('publish')
    publisher.retain(new Set([T1]))
    await until(() => publisher.stats.publishFailures > 0)
    away.clear()
    await until(() => store.book.reports(T2).length === 0)
    expect(store.book.reports(T1)).toHaveLength(1)
  })

  test('enrols above what it had and says everything when the store was emptied', async () => {
    const { store, calls } = makeStore()
    const publisher = begin(store)
    publisher.report(said(T1))
    await until(() => calls.length === 1)
    store.publish = async () => 'unknown'
    publisher.report(said(T2))
    await until(() => calls.length === 2)
    expect(calls[1]).toMatchObject({ whole: true, incarnation: 2, sequence: 1 })
    expect(calls[1]!.reports).toHaveLength(2)
  })

  test('stops for good when a later incarnation of the agent is known', async () => {
    const { store, calls } = makeStore()
    let fenced = 0
    const publisher = begin(store, { onFenced: () => fenced++ })
    publisher.report(said(T1))
    await until(() => calls.length === 1)
    await store.enroll('a', 0)
    publisher.report(said(T2))
    await until(() => fenced === 1)
    publisher.report(said(T1, 'late'))
    await turn()
    await turn()
    expect(calls).toHaveLength(1)
  })

  test('says everything now and then, so that nobody has much to catch up with', async () => {
    const { store, calls } = makeStore()
    const publisher = begin(store)
    for (let i = 0; i < 450; i++) {
      publisher.report(said(T1, `status ${i}`))
      await until(() => calls.length === i + 1)
    }
    expect(calls.filter(({ whole }) => whole).map(({ sequence }) => sequence)).toEqual([1, 202, 403])
  })

  test('stops at once while it waits to try again, and says nothing after', async () => {
    const { store, calls, away } = makeStore()
    away.add('enroll')
    const publisher = begin(store)
    publisher.report(said(T1))
    await until(() => publisher.stats.publishFailures > 0)
    await publisher.stop()
    away.clear()
    publisher.report(said(T1))
    await turn()
    expect(calls).toEqual([])
  })
})

interface Call {
  readonly whole: boolean
  readonly incarnation: number
  readonly sequence: number
  readonly reports: readonly TargetReport[]
}

/** A memory store that notes what was taken, and of which some calls fail for a while. */
function makeStore(): { store: Store; calls: Call[]; away: Set<keyof Store> } {
  const store = createMemoryStore()
  stores.push(store)
  const calls: Call[] = []
  const away = new Set<keyof Store>()
  for (const name of ['enroll', 'publish', 'publishWhole'] as const) {
    const inner = store[name].bind(store) as (...args: unknown[]) => Promise<unknown>
    const wrapped = async (...args: unknown[]): Promise<unknown> => {
      if (away.has(name)) throw new Error('away')
      const outcome = await inner(...args)
      if (outcome === 'taken') calls.push({ ...(args[0] as Call), whole: name === 'publishWhole' })
      return outcome
    }
    Object.assign(store, { [name]: wrapped })
  }
  return { store, calls, away }
}

function begin(store: Store, change: Partial<PublisherOptions> = {}): Publisher {
  const seat = new Seat('a', 'eu', store)
  const publisher = new Publisher(seat, {
    now: Date.now,
    random: () => 0,
    onFenced: () => undefined,
    onEnrolled: () => undefined,
    retryMs: 2,
    ...change,
  })
  publishers.push(publisher)
  return publisher
}

function said(target: string, reason = 'status 200'): TargetReport {
  return { target, verdict: 1, since: 1000, stability: 30, reason }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 3000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error('it did not happen within 3 s')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
