import type { FamiliesBody, MoveBody, PopulationBody, SimulatedServiceBody, SimulationBody } from '@windrose/server'
import { paint } from '../output.ts'
import { capacityText, demandText } from './capacity-text.ts'
import { numberTable } from './number-table.ts'
import { printCount, printShare, printSite } from './print-shares.ts'

/** A simulation for people: for each service where its clients go, who moves, and what that means for the sites. */
export function simulationText(body: SimulationBody): string {
  const parts = [headText(body), ...body.services.map((service) => serviceText(service, body))]
  if (body.demand !== null) parts.push(demandText(body.demand))
  parts.push([...body.notes.map((note) => `note: ${note}`), footText(body)].join('\n'))
  return parts.join('\n\n')
}

function headText({ before, changes }: SimulationBody): string {
  const verdicts = before.verdicts === 'present' ? 'present verdicts and overrides' : 'every endpoint up'
  const what = changes.length === 0 ? 'as it is' : changes.join(', ')
  return `${paint('bold', what)}\n${before.file}, revision ${before.revision}, ${verdicts}`
}

function footText({ databases, seconds }: SimulationBody): string {
  const names = databases.map(({ type, precision, built }) => `${type} (${precision}, ${built.slice(0, 10)})`)
  return `Clients as placed by ${names.join(', ')}. Nothing is sampled. ${seconds.toFixed(2)} s`
}

function serviceText(service: SimulatedServiceBody, { type, changes }: SimulationBody): string {
  const isChange = changes.length > 0
  const populations = populationsOf(service)
  const parts = [`${paint('bold', titleOf(service))} ${type}`, sitesTable(populations, isChange)]
  if (isChange) {
    parts.push(movesTable(populations), ...areaTables(service))
    const named = namedText(service.named)
    if (named !== '') parts.push(named)
  }
  const capacity = capacityText(service.capacity, isChange)
  if (capacity !== '') parts.push(capacity)
  return parts.join('\n\n')
}

function titleOf({ service, serviceAfter }: SimulatedServiceBody): string {
  if (serviceAfter === service) return service
  return serviceAfter === null ? `${service}, then no service` : `${service}, then ${serviceAfter}`
}

interface NamedPopulation {
  readonly name: string
  readonly population: PopulationBody
}

/** IPv4, IPv6, and the queries of a log; those without clients are left out. */
function populationsOf({ ipv4, ipv6, queries }: SimulatedServiceBody): readonly NamedPopulation[] {
  return [
    { name: '/24s', population: ipv4 },
    { name: '/48s', population: ipv6 },
    ...(queries === null ? [] : [{ name: 'QUERIES', population: queries }]),
  ].filter(({ population }) => population.units > 0)
}

function sitesTable(populations: readonly NamedPopulation[], isChange: boolean): string {
  const sites = new Set(
    populations.flatMap(({ population: { before, after } }) => [...before, ...after].map(({ site }) => site)),
  )
  const when = isChange ? (['before', 'after'] as const) : (['before'] as const)
  const headings = populations.flatMap(({ name }) => (isChange ? [`${name} NOW`, 'THEN'] : [name]))
  const rows = [...sites].map((site) => [
    printSite(site),
    ...populations.flatMap(({ population }) => when.map((moment) => shareAt(population[moment], site))),
  ])
  const totals = populations.flatMap(({ population }) => [printCount(population.units), ...(isChange ? [''] : [])])
  return numberTable(['SITE', ...headings], [...rows, ['all', ...totals]])
}

function shareAt(shares: PopulationBody['before'], site: string | null): string {
  return printShare(shares.find((one) => one.site === site)?.share ?? 0)
}

function movesTable(populations: readonly NamedPopulation[]): string {
  const keys = new Map<string, MoveBody>()
  for (const { population } of populations) for (const move of population.moves) keys.set(printMove(move), move)
  if (keys.size === 0) return 'Nobody moves.'
  const share = ({ moves }: PopulationBody, key: string): string =>
    printShare(moves.find((move) => printMove(move) === key)?.share ?? 0)
  const rows = [...keys.keys()].map((key) => [key, ...populations.map(({ population }) => share(population, key))])
  const all = ['all that move', ...populations.map(({ population }) => printShare(population.moved))]
  return numberTable(['MOVES', ...populations.map(({ name }) => name)], [...rows, all])
}

function printMove({ from, to }: Pick<MoveBody, 'from' | 'to'>): string {
  return `${printSite(from)} -> ${printSite(to)}`
}

/** The countries, and the networks, of which most move. */
function areaTables({ countries, networks, networksLeftOut }: SimulatedServiceBody): string[] {
  const tables = [areaTable('COUNTRY', countries, ({ country }) => country, 0)]
  if (networks.length > 0) {
    tables.push(areaTable('NETWORK', networks, ({ asn, organisation }) => `AS${asn} ${organisation}`, networksLeftOut))
  }
  return tables.filter((text) => text !== '')
}

function areaTable<Area extends FamiliesBody>(
  heading: string,
  areas: readonly Area[],
  nameOf: (area: Area) => string,
  leftOut: number,
): string {
  const moving = areas.filter(({ ipv4, ipv6 }) => ipv4.moved > 0 || ipv6.moved > 0).sort(byMovedUnits)
  if (moving.length === 0) return ''
  const rows = moving.slice(0, AREAS_SHOWN).map((area) => {
    const { ipv4, ipv6 } = area
    const [move] = ipv4.moves.length > 0 ? ipv4.moves : ipv6.moves
    const moved = [ipv4, ipv6].flatMap(({ units, moved }) => [
      printCount(units * moved),
      units > 0 ? printShare(moved) : '',
    ])
    return [nameOf(area), ...moved, move === undefined ? '' : printMove(move)]
  })
  const more = moving.length + leftOut - rows.length
  const text = numberTable([heading, '/24s MOVE', 'SHARE', '/48s MOVE', 'SHARE', 'MOST OF THEM'], rows, 4)
  return more > 0 ? `${text}\nand ${printCount(more)} more` : text
}

const AREAS_SHOWN = 10

function byMovedUnits(a: FamiliesBody, b: FamiliesBody): number {
  return (
    b.ipv4.units * b.ipv4.moved - a.ipv4.units * a.ipv4.moved ||
    b.ipv6.units * b.ipv6.moved - a.ipv6.units * a.ipv6.moved
  )
}

/** What happens to networks that the configuration names and nobody places. */
function namedText({ ipv4, ipv6 }: FamiliesBody): string {
  const lines = [
    { unit: '/24s', population: ipv4 },
    { unit: '/48s', population: ipv6 },
  ].flatMap(({ unit, population: { units, moved, moves } }) => {
    if (units === 0) return []
    const what = moves.map((move) => `${printShare(move.share)} ${printMove(move)}`).join(', ')
    return [`${printCount(units)} ${unit}: ${moved === 0 ? 'nobody moves' : what}`]
  })
  return lines.length === 0
    ? ''
    : ['Networks that the configuration names and no database places, such as private ones:', ...lines].join('\n  ')
}
