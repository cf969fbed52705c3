import { createMemoryStore, type Store } from '@windrose/store'
import { pino } from 'pino'
import { LoadPublication } from './load-publication.ts'

let store: Store
let answers: number
let lines: Record<string, unknown>[]
const publications: LoadPublication[] = []
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setImmediate'] })
  store = createMemoryStore()
  answers = 0
  lines = []
})
afterEach(async () => {
  jest.useRealTimers()
  await Promise.all(publications.splice(0).map((publication) => publication.stop()))
  await store.close()
})

function publish(from: ConstructorParameters<typeof LoadPublication>[0]['store'] = store): void {
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const counts = () => ({
    pools: [{ service: 'web', site: 'fra', answers }],
    classes: [{ service: 'web', key: '0000abcd', queries: answers * 2 }],
  })
  publications.push(new LoadPublication({ store: from, server: 'one', counts, log }))
}

async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms)
  await new Promise((resolve) => setImmediate(resolve))
}

test('what is answered is said every five seconds, as the rate since', async () => {
  publish()
  answers = 50
  await pass(5000)
  expect(store.loads.servers.get('one')).toMatchObject({ incarnation: 1, upMs: 5000 })
  expect(store.loads.bySite().get('fra')).toEqual({ perSecond: 10, smoothed: 10 })
  expect([...store.loads.byClass().get('web')!]).toEqual([['0000abcd', 20]])
  answers = 150
  await pass(5000)
  expect(store.loads.bySite().get('fra')!.perSecond).toBe(20)
  expect(store.loads.servers.get('one')!.pools[0]!.answers).toBe(150)
})

test('a server that stops says no more, and is forgotten some time after', async () => {
  publish()
  await pass(5000)
  await publications[0]!.stop()
  await pass(14_000)
  expect(store.loads.servers.size).toBe(1)
  await pass(2000)
  expect(store.loads.servers.size).toBe(0)
})

test('a store that has forgotten the server, and then one that is away, do not end it; of itself it knows', async () => {
  const incarnations: number[] = []
  let isAway = false
  publish({
    loads: store.loads,
    enrollServer: async (_, floor) => {
      if (isAway) throw new Error('away')
      return floor + 3
    },
    publishLoad: async ({ incarnation }) => {
      if (isAway) throw new Error('away')
      incarnations.push(incarnation)
      return incarnations.length === 2 ? 'unknown' : 'taken'
    },
  })
  isAway = true
  answers = 5
  await pass(5000)
  expect([incarnations, store.loads.bySite().get('fra')?.perSecond]).toEqual([[], 1])
  isAway = false
  await pass(10_000)
  expect(incarnations).toEqual([3, 3, 6])
})

test('of two servers of one name the one that was started later is counted, and the other says so once', async () => {
  publish()
  await pass(5000)
  publish()
  answers = 50
  await pass(20_000)
  expect(store.loads.servers.get('one')!.incarnation).toBe(2)
  expect(lines.map(({ msg }) => msg)).toEqual([expect.stringContaining('has the name one')])
})
