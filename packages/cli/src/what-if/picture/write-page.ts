import type { SimulatedServiceBody, SimulationBody } from '@windrose/server'
import { printShare } from '../print-shares.ts'
import { MAP_WIDTH, type Moment, shapeDefinitions } from './draw-countries.ts'
import { drawLegend } from './draw-legend.ts'
import { drawMap, MAP_HEIGHT } from './draw-map.ts'
import { EXPLANATION, WHEN } from './draw-picture.ts'
import { escapeXml } from './escape-xml.ts'
import { PAGE_STYLE } from './page-style.ts'
import { areaTables, capacityTable, demandSection, movesTable } from './page-tables.ts'
import { PICTURE_STYLE } from './picture-style.ts'
import { SiteFills } from './site-fills.ts'
import { databaseLine, titleOf } from './titles.ts'

/** A simulation as one HTML page that needs nothing else: maps, legend and tables of each service. */
export function writePage(body: SimulationBody): string {
  const { before, changes, notes, seconds } = body
  const verdicts = before.verdicts === 'present' ? 'present verdicts and overrides' : 'every endpoint up'
  const what = changes.length === 0 ? 'Where clients are sent' : `What if: ${changes.join(', ')}`
  const parts = [
    `<h1>${escapeXml(what)}</h1>`,
    hiddenDefinitions(shapeDefinitions()),
    `<p class="faint">${escapeXml(`${before.file}, revision ${before.revision}, ${verdicts}`)}</p>`,
    ...body.services.map((service, i) => serviceSection(body, service, i)),
    demandSection(body),
    ...notes.map((note) => `<p>Note: ${escapeXml(note)}</p>`),
    `<p class="faint">${escapeXml(databaseLine(body))}. Counted over the whole address space, nothing sampled, in ${seconds.toFixed(2)} s.</p>`,
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(what)}</title>
<style>${PAGE_STYLE}${PICTURE_STYLE}</style>
</head>
<body class="windrose">
${parts.join('\n')}
</body>
</html>
`
}

function serviceSection(body: SimulationBody, service: SimulatedServiceBody, index: number): string {
  const isChange = body.changes.length > 0
  // Fills are told apart by service: one page has one space of names for all its pictures.
  const fills = new SiteFills(
    body.sites.map(({ name }) => name),
    `s${index}-`,
  )
  const moments: readonly Moment[] = isChange ? ['before', 'after'] : ['only']
  const maps = moments.map((moment) => {
    const drawing = svg(drawMap(body.sites, service, moment, fills), MAP_HEIGHT)
    const caption = moment === 'only' ? '' : `<figcaption>${WHEN[moment]}</figcaption>`
    return `<figure>${caption}${drawing}</figure>`
  })
  const legend = drawLegend(body.sites, service, isChange, fills)
  const moved = isChange
    ? `<p><b>${printShare(service.ipv4.moved)}</b> of the /24s and <b>${printShare(service.ipv6.moved)}</b> of the /48s move.</p>`
    : ''
  return [
    `<section><h2>${escapeXml(titleOf(body, service))}</h2>${moved}`,
    hiddenDefinitions(fills.definitions()),
    `<div class="maps">${maps.join('')}</div>`,
    `<p class="faint">${escapeXml(EXPLANATION)} Hold the pointer over a country for its numbers.</p>`,
    `<div class="legend">${svg(legend.svg, legend.height + 4)}</div>`,
    `<div class="tables">${[movesTable(service), capacityTable(service), ...areaTables(service)].join('')}</div>`,
    '</section>',
  ].join('\n')
}

function hiddenDefinitions(content: string): string {
  return `<svg width="0" height="0" class="definitions" aria-hidden="true"><defs>${content}</defs></svg>`
}

function svg(content: string, height: number): string {
  return `<svg viewBox="0 0 ${MAP_WIDTH} ${height}" role="img">${content}</svg>`
}
