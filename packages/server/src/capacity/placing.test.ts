import { Verdict, WHOLE } from '@windrose/steering'
import { PlayedCapacity } from './played-capacity.fixture.ts'

const SITES = `sites:
  fra: { at: [50.11, 8.68], capacity: { value: 1000, target: 0.8, low: 0.65 } }
  iad: { at: [38.95, -77.45], capacity: { value: 100, target: 0.8, low: 0.65 } }
  sin: { at: [1.35, 103.99], capacity: 5000 }
services:
`
const pools = (last: number) => `{ fra: [192.0.2.${last}], iad: [198.51.100.${last}], sin: [203.0.113.${last}] }`
const WEB = `  web: { policy: nearest, capacity: spill, pools: ${pools(1)} }\n`
const API = `  api: { policy: nearest, capacity: balance, pools: ${pools(2)} }\n`

let world: PlayedCapacity

afterEach(async () => {
  jest.useRealTimers()
  await world.close()
})

/** Europeans ask so much. */
function demandOf(services: Readonly<Record<string, number>>): ReadonlyMap<string, ReadonlyMap<string, number>> {
  return new Map(
    Object.entries(services).map(([name, queries]) => {
      const keys = world.keysNear(name, 'fra')
      return [name, new Map(keys.map((key) => [key, queries / keys.length]))]
    }),
  )
}

function loadAt(site: string): number {
  return world.loop.uses.find((use) => use.site === site)!.load
}

test('when a site dies its clients are spread at once by the room that others have, not by the policy alone', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  world.ask(demandOf({ web: 300 }), true)
  world.loop.step()
  expect(world.loop.placed.get('web')!.classes.size).toBe(0)
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
  world.setSite('fra', Verdict.down)
  world.loop.healthChanged()
  jest.advanceTimersByTime(1000)
  expect(loadAt('iad')).toBeLessThanOrEqual(80.1)
  expect(loadAt('iad')).toBeGreaterThan(79)
  expect(loadAt('sin')).toBeCloseTo(220, 0)
  expect(loadAt('fra')).toBe(0)
})

test('a change of health moves nobody but those whom health moves, however often it happens', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  world.ask(demandOf({ web: 900 }), true)
  world.loop.step()
  const [key] = world.keysNear('web', 'fra')
  const before = world.placedShares('web', key!)
  expect(before!.get('fra')).toBeLessThan(1)
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
  for (let i = 0; i < 5; i++) {
    world.loop.healthChanged()
    jest.advanceTimersByTime(1000)
  }
  expect(world.placedShares('web', key!)).toEqual(before)
})

test('many changes of health in a moment are one step', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  world.ask(demandOf({ web: 300 }), true)
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
  for (let i = 0; i < 50; i++) world.loop.healthChanged()
  jest.advanceTimersByTime(1000)
  expect(world.published.length).toBe(1)
})

test('a server that takes over as a site dies knows where the clients were, and spreads them by room as well', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  world.ask(demandOf({ web: 300 }), true)
  world.loop.step()
  const next = world.newLoop(() => true)
  next.follow(world.published.at(-1)!)
  world.setSite('fra', Verdict.down)
  next.step()
  expect(next.uses.find(({ site }) => site === 'iad')!.load).toBeLessThanOrEqual(80.1)
  next.stop()
})

test('two ways of placing never fill a site above its target together', async () => {
  world = await PlayedCapacity.open(SITES + WEB + API)
  for (let i = 0; i < 20; i++) {
    world.ask(demandOf({ web: 500, api: 500 }), true)
    world.loop.step()
    expect(loadAt('iad')).toBeLessThanOrEqual(80.1)
  }
  expect(loadAt('fra')).toBeLessThanOrEqual(800.1)
  // Nor do they both make the room that is needed once.
  expect(loadAt('fra')).toBeGreaterThan(700)
  expect(world.loop.uses.map(({ site }) => site)).toEqual(['fra', 'iad', 'sin'])
})

test('clients come back to a site below its low mark of all its load, not of the part that is placed', async () => {
  world = await PlayedCapacity.open(
    `${SITES}${WEB}  other: { policy: failover, pools: { fra: [192.0.2.9] } }\n`.replace('value: 100,', 'value: 5000,'),
  )
  const others = new Map([['other', new Map([[world.keysNear('web', 'fra')[0]!, 500]])]])
  // The other service is not steered by client: any class stands for all of it.
  jest.spyOn(world, 'shares').mockImplementation(function (this: PlayedCapacity, name, key) {
    return name === 'other' ? new Map([['fra', 1]]) : PlayedCapacity.prototype.shares.call(this, name, key)
  })
  for (let i = 0; i < 10; i++) {
    world.ask(new Map([...demandOf({ web: 400 }), ...others]), true)
    world.loop.step()
  }
  expect(loadAt('fra')).toBeLessThanOrEqual(800.1)
  const spilled = loadAt('iad')
  expect(spilled).toBeGreaterThan(90)
  for (let i = 0; i < 10; i++) {
    world.ask(new Map([...demandOf({ web: 300 }), ...others]), true)
    world.loop.step()
  }
  // 500 and what is left of 300 are between the marks of 650 and 800.
  expect(loadAt('iad')).toBeCloseTo((spilled * 300) / 400, 0)
})

test('a server that takes over does not take the step again that was taken just before', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  world.ask(demandOf({ web: 1600 }), true)
  world.loop.step()
  const [key] = world.keysNear('web', 'fra')
  const before = world.placedShares('web', key!)!.get('fra')!
  const next = world.newLoop(() => true)
  next.follow(world.published.at(-1)!)
  world.nowMs += 4000
  next.step()
  const shareNow = () => next.placed.get('web')!.classes.get(key!)!.shares.get('fra')! / WHOLE
  expect(shareNow()).toBeCloseTo(before, 3)
  world.nowMs += 10_000
  world.ask(demandOf({ web: 1600 }), true)
  next.step()
  expect(shareNow()).toBeCloseTo(before - 0.1, 3)
  next.stop()
})

test('until somebody has counted, a server leaves all as it is, whatever comes up first', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  for (let i = 0; i < 12; i++) {
    world.ask(demandOf({ web: 1600 }), true)
    world.loop.step()
  }
  const record = world.published.at(-1)!
  await world.close()
  world = await PlayedCapacity.open(SITES + WEB)
  world.loop.follow(record)
  const [key] = world.keysNear('web', 'fra')
  const before = world.shares('web', key!)
  expect(before.get('fra')).toBeLessThan(0.6)
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
  for (const verdict of [Verdict.unknown, Verdict.up]) {
    world.setSite('fra', verdict)
    world.loop.healthChanged()
    jest.advanceTimersByTime(1000)
  }
  expect(world.shares('web', key!)).toEqual(before)
})

describe('a reload, while clients are away from a full site,', () => {
  const NRT = 'nrt: { at: [35.76, 140.39], capacity: 5000 }'
  const AMS = 'ams: { at: [52.31, 4.76], capacity: 100 }'
  const sharesNear = (site: string) => world.keysNear('web', site).map((key) => world.shares('web', key))
  const settle = (): void => {
    world.loop.healthChanged()
    jest.advanceTimersByTime(1000)
  }
  const shareAt = (site: string): number =>
    sharesNear('fra').reduce((sum, row) => sum + (row.get(site) ?? 0), 0) / sharesNear('fra').length

  beforeEach(async () => {
    world = await PlayedCapacity.open(`sites:\n  ${AMS}\n${SITES.slice('sites:\n'.length)}${WEB}`)
    for (let i = 0; i < 12; i++) {
      world.ask(demandOf({ web: 1600 }), true)
      world.loop.step()
    }
    expect(shareAt('fra')).toBeLessThan(0.6)
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
  })

  test('that gives all sites other numbers moves nobody', async () => {
    const before = ['fra', 'iad', 'sin'].map(sharesNear)
    await world.reload(SITES + WEB)
    expect(['fra', 'iad', 'sin'].map(sharesNear)).toEqual(before)
  })

  test('that gives clients another class leaves them where they are, to a percent', async () => {
    const before = ['fra', 'iad', 'sin'].map(shareAt)
    await world.reload(
      `${SITES.replace('services:\n', '')}  ${NRT}\nservices:\n${WEB.replace('sin:', 'nrt: [203.0.113.99], sin:')}`,
    )
    settle()
    for (const [i, site] of ['fra', 'iad', 'sin'].entries()) expect(shareAt(site)).toBeCloseTo(before[i]!, 2)
    expect(sharesNear('nrt').map((row) => [...row])).toEqual(sharesNear('nrt').map(() => [['nrt', 1]]))
  })

  test('that takes a site away places its clients by room at once', async () => {
    const before = shareAt('sin')
    await world.reload(SITES + WEB.replace(/sin: \[[^\]]*\]/, '').replace(', }', ' }'))
    settle()
    expect(shareAt('sin')).toBe(0)
    expect(before).toBeGreaterThan(0.3)
    expect(shareAt('fra') + shareAt('iad')).toBeCloseTo(1)
  })
})

test('a class that nobody asks from any more goes back by steps', async () => {
  world = await PlayedCapacity.open(SITES + WEB)
  for (let i = 0; i < 12; i++) {
    world.ask(demandOf({ web: 1600 }), true)
    world.loop.step()
  }
  const [key] = world.keysNear('web', 'fra')
  let away = 1 - world.placedShares('web', key!)!.get('fra')!
  expect(away).toBeGreaterThan(0.4)
  for (let i = 0; i < 20; i++) {
    world.ask(new Map(), true)
    world.loop.step()
    const now = 1 - (world.placedShares('web', key!)?.get('fra') ?? 1)
    expect(away - now).toBeLessThan(0.1001)
    away = now
  }
  expect(away).toBe(0)
})

test('shed with receivers that shed in their turn moves clients of a site that had room for them', async () => {
  const sheddingWith = async (way: string): Promise<number> => {
    world = await PlayedCapacity.open(SITES + WEB.replace('spill', way))
    const americans = world.keysNear('web', 'iad')
    const demand = new Map([
      [
        'web',
        new Map([
          ...demandOf({ web: 2000 }).get('web')!,
          ...americans.map((key) => [key, 60 / americans.length] as const),
        ]),
      ],
    ])
    for (let i = 0; i < 15; i++) {
      world.ask(demand, true)
      world.loop.step()
    }
    return world.placedShares('web', americans[0]!)?.get('iad') ?? 1
  }
  expect(await sheddingWith('shed')).toBe(1)
  await world.close()
  expect(await sheddingWith('shed_uncapped')).toBeLessThan(0.5)
})
