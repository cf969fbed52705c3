import type { PopulationBody, SimulatedServiceBody, SimulatedSiteBody } from '@windrose/server'
import { printCount, printShare, printSite } from '../print-shares.ts'
import { MAP_WIDTH } from './draw-countries.ts'
import { escapeXml } from './escape-xml.ts'
import type { SiteFills } from './site-fills.ts'

/** A drawing with its height. */
export interface Drawn {
  readonly svg: string
  readonly height: number
}

/** What the fills mean: a bar of shares for each kind of client, now and then, and the sites with their numbers. */
export function drawLegend(
  sites: readonly SimulatedSiteBody[],
  service: SimulatedServiceBody,
  isChange: boolean,
  fills: SiteFills,
): Drawn {
  const populations = [
    { name: 'IPv4', unit: '/24s', population: service.ipv4 },
    { name: 'IPv6', unit: '/48s', population: service.ipv6 },
    ...(service.queries === null ? [] : [{ name: 'Log', unit: 'queries', population: service.queries }]),
  ].filter(({ population }) => population.units > 0)
  const rows = populations.flatMap(({ name, unit, population }) => {
    const of = `${printCount(population.units)} ${unit}`
    const now = { label: `${name} ${isChange ? 'now' : ''}`, of, shares: population.before }
    return isChange ? [now, { label: `${name} then`, of: '', shares: population.after }] : [now]
  })
  const order = [...sites.map(({ name }) => name), null]
  const bars = rows.map(({ label, of, shares }, i) =>
    drawBar(
      label,
      of,
      { shares: [...shares].sort((a, b) => order.indexOf(a.site) - order.indexOf(b.site)), fills },
      i * BAR_STEP,
    ),
  )
  const table = drawSiteTable(populations, order, isChange, fills)
  const top = rows.length * BAR_STEP + 14
  return { svg: `${bars.join('')}<g transform="translate(0 ${top})">${table.svg}</g>`, height: top + table.height }
}

const BAR_STEP = 24
const BAR_HEIGHT = 16
/** Of the small font; a little more than most have. */
const CHARACTER_WIDTH = 6.4
const BAR_LEFT = 76
const BAR_WIDTH: number = MAP_WIDTH - BAR_LEFT - 130

interface Bar {
  readonly shares: PopulationBody['before']
  readonly fills: SiteFills
}

function drawBar(label: string, of: string, { shares, fills }: Bar, y: number): string {
  let x = BAR_LEFT
  const parts = shares.map(({ site, share }) => {
    const width = share * BAR_WIDTH
    const title = escapeXml(`${label.trim()}: ${printSite(site)} ${printShare(share)}`)
    const rect = `<rect class="part" x="${x.toFixed(2)}" y="${y}" width="${width.toFixed(2)}" height="${BAR_HEIGHT}" fill="${fills.fill(site)}"><title>${title}</title></rect>`
    const words = `${printSite(site)} ${printShare(share)}`
    const fits = words.length * CHARACTER_WIDTH + 8 < width
    const text = `<text x="${(x + 6).toFixed(1)}" y="${y + 12}" class="on-bar" style="${fills.wordsOn(site)}">${escapeXml(words)}</text>`
    x += width
    return fits ? rect + text : rect
  })
  const words = `<text x="0" y="${y + 12}" class="small">${escapeXml(label.trim())}</text>`
  const right = `<text x="${BAR_LEFT + BAR_WIDTH + 10}" y="${y + 12}" class="small faint">${escapeXml(of)}</text>`
  return words + parts.join('') + right
}

const ROW_STEP = 19
/** Sites in a column before a second one is begun. */
const COLUMN_ROWS = 10

interface NamedPopulation {
  readonly name: string
  readonly population: PopulationBody
}

function drawSiteTable(
  populations: readonly NamedPopulation[],
  order: readonly (string | null)[],
  isChange: boolean,
  fills: SiteFills,
): Drawn {
  const all = populations.flatMap(({ population: { before, after } }) => [...before, ...after])
  const sites = order.filter((site) => all.some((one) => one.site === site))
  const columns = Math.ceil(sites.length / COLUMN_ROWS)
  const rows = Math.ceil(sites.length / columns)
  const shown = columns > 1 ? populations.slice(0, 1) : populations
  const width = MAP_WIDTH / Math.max(columns, 1)
  const cells = sites.map((site, i) => {
    const [left, y] = [Math.floor(i / rows) * width, (i % rows) * ROW_STEP]
    const texts = shown.map(({ name, population }, kind) => {
      const [before, after] = [shareAt(population.before, site), shareAt(population.after, site)]
      const text = isChange ? `${name} ${before} → ${after}` : `${name} ${before}`
      return `<text x="${left + 130 + kind * 200}" y="${y + 11}" class="small">${escapeXml(text)}</text>`
    })
    const swatch = `<rect class="part" x="${left}" y="${y}" width="22" height="13" rx="2" fill="${fills.fill(site)}"/>`
    const name = `<text x="${left + 30}" y="${y + 11}" class="small strong">${escapeXml(printSite(site))}</text>`
    return swatch + name + texts.join('')
  })
  return { svg: cells.join(''), height: rows * ROW_STEP }
}

function shareAt(shares: PopulationBody['before'], site: string | null): string {
  return printShare(shares.find((one) => one.site === site)?.share ?? 0)
}
