import { makeDayWorld } from './day-world.ts'
import { type DayReport, playDay } from './play-day.ts'
import { RULES } from './rules.ts'

const world = makeDayWorld(30)
const days = new Map<string, DayReport>()

/** Each day is played once. */
function day(name: string): DayReport {
  const [rule = '', reported] = name.split(' by ')
  const report = days.get(name) ?? playDay(world, RULES[rule]!, reported !== undefined)
  days.set(name, report)
  return report
}

test('without capacity the day has hours of overload that others had room for', () => {
  expect(day('off').peakUse).toBeGreaterThan(1.5)
  expect(day('off').minutesOver).toBeGreaterThan(600)
})

describe.each([
  // A step of spill may take from every client class of a site, so one or two are enough; balance goes all its way in ten.
  { rule: 'spill', relief: 3, minutesOver: 150, turns: 6 },
  { rule: 'balance', relief: 20, minutesOver: 15, turns: 30 },
  { rule: 'spill by reports', relief: 3, minutesOver: 150, turns: 6 },
  // What a site reports trails what it is sent, so the last of the way is found while it is gone.
  { rule: 'balance by reports', relief: 25, minutesOver: 60, turns: 30 },
])('a day of $rule', ({ rule, relief, minutesOver, turns }) => {
  test('survives the death of its largest site at the peak of its evening: the others take no more than they can', () => {
    expect(day(rule).peakUseInOutage).toBeLessThan(1)
  })

  test('leaves no site above its target while more could be moved, but for the few steps that takes', () => {
    expect(day(rule).longestRelief).toBeLessThanOrEqual(relief)
  })

  test('is felt above a target by users for minutes only, through the delay of their caches', () => {
    expect(day(rule).minutesOver).toBeLessThan(minutesOver)
    expect(day(rule).peakUse).toBeLessThan(1.1)
  })

  test('moves no more than a step of any country at once', () => {
    expect(day(rule).largestStep).toBeLessThanOrEqual(0.1 + 1e-9)
  })

  test('does not swing: no share of a country turns round more than a few times an hour, of 360 steps', () => {
    expect(day(rule).turnsAnHour).toBeLessThanOrEqual(turns)
  })

  test('costs more than the nearest sites, and less than half as much again', () => {
    const { kilometres } = day('off')
    expect(day(rule).kilometres).toBeGreaterThan(kilometres)
    expect(day(rule).kilometres).toBeLessThan(kilometres * 1.5)
  })
})

test('a day of balance costs less than one of spill', () => {
  expect(day('balance').kilometres).toBeLessThan(day('spill').kilometres)
})
