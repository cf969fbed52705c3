import type { Section } from '../report/section.ts'
import { INTERVAL_S, STEPS_A_DAY } from './day-demand.ts'
import { makeDayWorld } from './day-world.ts'
import { type DayReport, playDay } from './play-day.ts'
import { RULES } from './rules.ts'

const COUNTRIES = 200

/** A day of the world under each rule. */
export function daySection(say: (line: string) => void): Section {
  const world = makeDayWorld(COUNTRIES)
  const days = Object.entries(RULES).map(([name, rule]) => ({ name, rule, isReported: false }))
  for (const name of ['spill', 'balance']) {
    days.push({ name: `${name}, loads reported`, rule: RULES[name]!, isReported: true })
  }
  const reports = days.map(({ name, rule, isReported }) => {
    say(`a day of ${name}`)
    return { name, report: playDay(world, rule, isReported) }
  })
  const nearest = reports.find(({ name }) => name === 'off')!.report
  return {
    title: 'A day',
    text: `
${COUNTRIES} countries at their places, ${world.sites.length} sites, ${STEPS_A_DAY} recomputations, one in ${INTERVAL_S} s. Demand follows local
time, with 3 % of noise; it doubles in Europe for 45 minutes, and the largest site dies at the peak of its evening, for 90.
Where loads are reported each site has a unit of its own, and nobody is told what a query costs there. What countries demand
is drawn, not measured. Shares reach users over a TTL of 30 s, so what they feel is late; "over target" counts site-minutes
more than 2 % above it while others had room. "moved" is how many times over the whole demand changed its site in the day; without
capacity it is what health moves. "turns" is how often a country's share of a site turned round by over 1 % in its worst hour.`,
    columns: ['rule', 'peak use', 'min. over target', 'moved', 'largest step', 'turns', 'km', 'km more'],
    rows: reports.map(({ name, report }) => [name, ...cells(report, nearest)]),
    goals: reports
      .filter(({ name }) => /^(spill|balance)/.test(name))
      .flatMap(({ name, report }) => [
        {
          what: `${name}: largest step of a country`,
          value: Math.round(report.largestStep * 1e6) / 1e4,
          most: 10,
          unit: ' %',
        },
        { what: `${name}: turns in the worst hour`, value: report.turnsAnHour, most: 20, unit: '' },
      ]),
  }
}

function cells(report: DayReport, nearest: DayReport): string[] {
  return [
    `${(report.peakUse * 100).toFixed(0)} %`,
    report.minutesOver.toFixed(0),
    `${report.moved.toFixed(2)} x`,
    `${(report.largestStep * 100).toFixed(1)} %`,
    String(report.turnsAnHour),
    report.kilometres.toFixed(0),
    `${((report.kilometres / nearest.kilometres - 1) * 100).toFixed(1)} %`,
  ]
}
