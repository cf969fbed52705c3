import type { CapacityBody, DemandBody } from '@windrose/server'
import { numberTable } from './number-table.ts'
import { printCount, printRate, printShare } from './print-shares.ts'

/** The sites' capacities against their shares of the clients; empty where no site tells its capacity. */
export function capacityText(capacities: readonly CapacityBody[], isChange: boolean): string {
  if (capacities.length === 0) return ''
  const rows = capacities.map((one) => {
    const fullNow = one.holdsBefore === null ? '' : printRate(one.holdsBefore)
    const fullThen = one.holdsAfter === null ? '' : printRate(one.holdsAfter)
    return [
      one.site,
      printCount(one.capacity),
      one.capacityShare === null ? '?' : printShare(one.capacityShare),
      printShare(one.after),
      ...(isChange ? [fullNow, fullThen] : [fullThen]),
      one.over === true ? 'more clients than capacity' : '',
    ]
  })
  const full = isChange ? ['FULL AT NOW', 'THEN'] : ['FULL AT']
  const text = numberTable(['SITE', 'CAPACITY', 'SHARE OF IT', '/24s', ...full, ''], rows, isChange ? 5 : 4)
  return `${text}\nA site is full when the whole service is asked so much. With --queries demand is measured.`
}

/** What recorded queries mean for the sites. */
export function demandText(demand: DemandBody): string {
  const { queries, others, seconds, sites, badLines, badLinesLeftOut } = demand
  const serving = sites.filter(({ queriesBefore, queriesAfter }) => queriesBefore > 0 || queriesAfter > 0)
  const bad = badLines.length + badLinesLeftOut
  const lines = [`Recorded queries: ${printCount(queries)}${seconds === null ? '' : ` in ${printCount(seconds)} s`}`]
  if (others > 0) lines.push(`${printCount(others)} for no service`)
  if (bad > 0) lines.push(`${printCount(bad)} lines not read`)
  if (serving.length === 0) return lines.join(', ')
  const rate = (count: number, perSecond: number | null): string =>
    perSecond === null ? printCount(count) : printRate(perSecond)
  const rows = serving.map((site) => [
    site.site,
    rate(site.queriesBefore, site.rateBefore),
    rate(site.queriesAfter, site.rateAfter),
    site.capacity === null ? '' : printCount(site.capacity),
    site.exceeded === true ? 'EXCEEDED' : '',
  ])
  const text = numberTable(['SITE', 'QUERIES NOW', 'THEN', 'CAPACITY', ''], rows, 3)
  const noTimes =
    seconds === null ? '\nNot every line has a time, so there is no rate to hold against the capacity.' : ''
  return `${lines.join(', ')}\n${text}${noTimes}`
}
