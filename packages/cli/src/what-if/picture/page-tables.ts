import type { FamiliesBody, MoveBody, SimulatedServiceBody, SimulationBody } from '@windrose/server'
import { printCount, printRate, printShare, printSite } from '../print-shares.ts'
import { countryName } from './draw-countries.ts'
import { escapeXml } from './escape-xml.ts'

/** Who moves from where to where; empty where nobody does. */
export function movesTable({ ipv4, ipv6, queries }: SimulatedServiceBody): string {
  const populations = [ipv4, ipv6, ...(queries === null ? [] : [queries])]
  const names = [...new Set(populations.flatMap(({ moves }) => moves.map(printMove)))]
  const rows = names.map((name) => [
    name,
    ...populations.map(({ moves }) => printShare(moves.find((move) => printMove(move) === name)?.share ?? 0)),
  ])
  return section('Moves', htmlTable(['', '/24s', '/48s', ...(queries === null ? [] : ['queries'])], rows))
}

/** What the shares mean for sites that tell their capacity. */
export function capacityTable({ capacity }: SimulatedServiceBody): string {
  const rows = capacity.map((one) => [
    one.site,
    printCount(one.capacity),
    one.capacityShare === null ? '?' : printShare(one.capacityShare),
    one.over === true ? mark(printShare(one.after)) : printShare(one.after),
    one.holdsBefore === null ? '' : printRate(one.holdsBefore),
    one.holdsAfter === null ? '' : printRate(one.holdsAfter),
  ])
  const headings = ['', 'capacity', 'share of it', 'share of /24s', 'full at, now', 'full at, then']
  return section('Capacity: at which demand for the whole service a site is full', htmlTable(headings, rows))
}

/** The countries and networks that move most. */
export function areaTables({ countries, networks }: SimulatedServiceBody): string[] {
  return [
    areaTable('Countries', countries, ({ country }) => `${countryName(country)} (${country})`),
    areaTable('Networks', networks, ({ asn, organisation }) => `AS${asn} ${organisation}`),
  ]
}

const AREAS_SHOWN = 12
/** More rows than this nobody reads on a page: they are in the JSON. */
const AREAS_MAX = 300

function areaTable<Area extends FamiliesBody>(
  title: string,
  areas: readonly Area[],
  nameOf: (area: Area) => string,
): string {
  const rows = areas
    .filter(({ ipv4, ipv6 }) => ipv4.moved > 0 || ipv6.moved > 0)
    .sort((a, b) => b.ipv4.units * b.ipv4.moved - a.ipv4.units * a.ipv4.moved)
    .slice(0, AREAS_MAX)
    .map((area) => {
      const { ipv4, ipv6 } = area
      const [move] = ipv4.moves.length > 0 ? ipv4.moves : ipv6.moves
      const units = [ipv4, ipv6].flatMap(({ units, moved }) => [printCount(units * moved), printShare(moved)])
      return [nameOf(area), ...units, move === undefined ? '' : printMove(move)]
    })
  const headings = ['', '/24s that move', 'of its', '/48s that move', 'of its', 'most of them']
  const shown = htmlTable(headings, rows.slice(0, AREAS_SHOWN))
  const rest = rows.slice(AREAS_SHOWN)
  const more =
    rest.length === 0 ? '' : `<details><summary>${rest.length} more</summary>${htmlTable(headings, rest)}</details>`
  return section(title, shown === '' ? '' : shown + more)
}

/** What recorded queries mean for the sites; empty without a log. */
export function demandSection({ demand }: SimulationBody): string {
  if (demand === null) return ''
  const { queries, others, seconds, sites } = demand
  const rate = (count: number, perSecond: number | null): string =>
    perSecond === null ? printCount(count) : printRate(perSecond)
  const rows = sites
    .filter(({ queriesBefore, queriesAfter }) => queriesBefore > 0 || queriesAfter > 0)
    .map((site) => {
      const after = rate(site.queriesAfter, site.rateAfter)
      return [
        site.site,
        rate(site.queriesBefore, site.rateBefore),
        site.exceeded === true ? mark(after) : after,
        site.capacity === null ? '' : printCount(site.capacity),
      ]
    })
  const span = seconds === null ? '' : ` in ${printCount(seconds)} s`
  const rest = others === 0 ? '' : `, ${printCount(others)} of them for no service`
  return `<h2>Recorded queries</h2><p>${printCount(queries)}${span}${rest}</p>${htmlTable(['', 'queries now', 'then', 'capacity'], rows)}`
}

function printMove({ from, to }: MoveBody): string {
  return `${printSite(from)} → ${printSite(to)}`
}

/** A cell that says that something is too much. */
interface Marked {
  readonly marked: string
}

function mark(text: string): Marked {
  return { marked: text }
}

function section(title: string, content: string): string {
  return content === '' ? '' : `<div><h3>${escapeXml(title)}</h3>${content}</div>`
}

/** Empty without rows. */
function htmlTable(headings: readonly string[], rows: readonly (readonly (string | Marked)[])[]): string {
  if (rows.length === 0) return ''
  const head = headings.map((heading) => `<th>${escapeXml(heading)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

function htmlCell(cell: string | Marked): string {
  return typeof cell === 'string' ? `<td>${escapeXml(cell)}</td>` : `<td class="over">${escapeXml(cell.marked)}</td>`
}
