import type { LoadFigure, Report } from '@windrose/health'
import { Verdict } from '@windrose/steering'
import { figureOfSite } from './figure-of-site.ts'
import { NOTHING_REPORTED, rememberFigure, reportedSiteLoad } from './site-load.ts'

const report = (load: LoadFigure | undefined, verdict: Verdict = Verdict.up): Report => ({
  ...{ agent: 'a', vantage: 'eu', incarnation: 1, sequence: 1, target: '', since: 0, stability: 0, reason: '', at: 0 },
  verdict,
  load,
})
const says = (...figures: number[]): Report[] => figures.map((figure) => report({ figure }))

describe('the load of a site, of what agents say of its endpoints', () => {
  const four = (['a', 'b'] as const).map((id) => ({ id, family: 'ipv4' as const }))
  const six = (['c', 'd'] as const).map((id) => ({ id, family: 'ipv6' as const }))
  const figure = (
    combine: 'sum' | 'mean' | 'max',
    reports: Readonly<Record<string, Report[]>>,
    targets: readonly { id: string; family: 'ipv4' | 'ipv6' }[] = four,
  ) => figureOfSite({ combine, targets }, (target) => reports[target] ?? [])

  test.each([
    ['sum', 40],
    ['mean', 20],
    ['max', 30],
  ] as const)('is the %s of the endpoints, of each the median of its agents', (combine, load) => {
    expect(figure(combine, { a: says(10, 9, 500), b: says(30) })).toEqual({ figure: load })
  })

  test('does not count a machine twice that has an address of each family', () => {
    const reports = { a: says(10), b: says(30), c: says(11), d: says(31) }
    expect(figure('sum', reports, [...four, ...six])).toEqual({ figure: 42 })
  })

  test('has nothing of an endpoint that is down, and of one that is silent as much as of the others', () => {
    expect(figure('sum', { a: says(10), b: [report({ problem: 'x' }, Verdict.down)] })).toEqual({ figure: 10 })
    expect(figure('sum', { a: says(10), b: [report({ problem: 'x' })] })).toEqual({ figure: 20 })
  })

  test('is not known where nobody says it, and it is said why', () => {
    expect(figure('sum', { a: [report({ problem: 'there is no header X' })] })).toEqual({
      problem: 'there is no header X',
    })
    expect(figure('sum', {})).toEqual({ problem: 'no agent has reported on it' })
    const down = [report(undefined, Verdict.down)]
    expect(figure('sum', { a: down, b: down })).toEqual({ problem: 'all endpoints that could say it are down' })
  })
})

/** So many answers a second were counted for a minute. */
const counted = (sent: number) => ({ ...NOTHING_REPORTED, sentLong: sent, sentSince: -60_000, sentAt: -10_000 })

test('sessions that stay where nobody is sent any more do not make an answer dearer, also when reports fail in between', () => {
  let memory = NOTHING_REPORTED
  for (let step = -60; step <= 30; step++) {
    const said =
      step > 5 && step < 10 ? { problem: 'there is no header X' } : { figure: 50 * 0.98 ** Math.max(0, step) }
    const sent = 10 * 0.9 ** Math.max(0, step)
    memory = rememberFigure(memory, { said, sent, capacity: 100, nowMs: step * 10_000 })
  }
  expect(memory.factor).toBe(5)
})

test('at a fresh start the first reading waits until answers grow no more', () => {
  let memory = NOTHING_REPORTED
  const factors = [3, 7, 9, 10, 10].map((sent, step) => {
    memory = rememberFigure(memory, { said: { figure: 50 }, sent, capacity: 100, nowMs: step * 10_000 })
    return memory.factor
  })
  expect(factors.slice(0, 2)).toEqual([undefined, undefined])
  expect(factors.at(-1)).toBeLessThan(6)
})

test('what a site without users has of its own does not make the first answers dear', () => {
  const looked = { said: { figure: 5 }, sent: 0.5, capacity: 1000, nowMs: 0 }
  expect(rememberFigure(counted(0.5), looked)).toMatchObject({ factor: undefined, figure: 5 })
  expect(rememberFigure(counted(0.5), { ...looked, said: { figure: 25 } }).factor).toBe(50)
})

describe('what is known of a load that is reported', () => {
  const reported = { check: 'app', combine: 'sum', intervalMs: 1000, targets: [] } as const
  const field = { in: 'header', name: 'X' } as const
  const site = {
    name: 'fra',
    capacity: { value: 100, target: 0.8, low: 0.65, unit: 'u', reported: { ...reported, field } },
  }
  const SILENT = { problem: 'there is no header X' }
  const memory = rememberFigure(counted(10), { said: { figure: 50 }, sent: 10, capacity: 100, nowMs: 0 })
  const look = (said: LoadFigure, nowMs: number, known = memory, guess?: number) =>
    reportedSiteLoad(site, { said, memory: known, sent: 8, guess, nowMs })

  test('is what is said now, and what an answer makes by it', () => {
    expect(look({ figure: 55 }, 0)).toMatchObject({ load: 55, source: 'reported', factor: 5, reportAge: 0 })
  })

  test('is the last figure once nobody says it, ages in intervals of the check, and is estimated after five minutes', () => {
    expect(look(SILENT, 2000)).toMatchObject({ load: 50, source: 'last', reportAge: 2, problem: SILENT.problem })
    expect(look(SILENT, 300_000)).toMatchObject({ source: 'last', reportAge: 300 })
    expect(look(SILENT, 300_001)).toMatchObject({ load: 40, source: 'estimated', reportAge: 0 })
  })

  test('is left as it is where nobody ever said it, or nobody was sent there, unless others tell what an answer makes', () => {
    expect(look(SILENT, 0, NOTHING_REPORTED)).toMatchObject({ source: 'unknown', reportAge: Number.POSITIVE_INFINITY })
    const idle = rememberFigure(NOTHING_REPORTED, { said: { figure: 0 }, sent: 0, capacity: 100, nowMs: 0 })
    expect(look({ figure: 0 }, 0, idle)).toMatchObject({ source: 'reported', reportAge: Number.POSITIVE_INFINITY })
    expect(look({ figure: 0 }, 0, idle, 4)).toMatchObject({ source: 'reported', factor: 4, reportAge: 0 })
  })
})
