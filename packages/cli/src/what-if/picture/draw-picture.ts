import type { SimulatedServiceBody, SimulationBody } from '@windrose/server'
import { MAP_WIDTH, type Moment, shapeDefinitions } from './draw-countries.ts'
import { drawLegend } from './draw-legend.ts'
import { drawMap, MAP_HEIGHT } from './draw-map.ts'
import { escapeXml } from './escape-xml.ts'
import { PICTURE_STYLE } from './picture-style.ts'
import { SiteFills } from './site-fills.ts'
import { databaseLine, titleOf } from './titles.ts'

const MARGIN = 24
const HEAD = 66
const MAP_STEP: number = MAP_HEIGHT + 34

/** The whole picture of one service as an SVG document: the map as it is, the map as it would be, and the legend. */
export function drawPicture(body: SimulationBody, service: SimulatedServiceBody): string {
  const isChange = body.changes.length > 0
  const fills = new SiteFills(body.sites.map(({ name }) => name))
  const moments: readonly Moment[] = isChange ? ['before', 'after'] : ['only']
  const maps = moments.map((moment, i) => {
    const when = `<text x="0" y="16" class="when">${WHEN[moment]}</text>`
    const map = `<g transform="translate(0 20)">${drawMap(body.sites, service, moment, fills)}</g>`
    return `<g transform="translate(0 ${HEAD + i * MAP_STEP})">${moment === 'only' ? '' : when}${map}</g>`
  })
  const legend = drawLegend(body.sites, service, isChange, fills)
  const legendTop = HEAD + moments.length * MAP_STEP + 12
  const foot = legendTop + legend.height + 28
  const lines = wrapLines(databaseLine(body))
  const height = foot + lines.length * LINE_STEP
  const content = [
    `<text x="0" y="20" class="title">${escapeXml(titleOf(body, service))}</text>`,
    `<text x="0" y="42" class="small faint">${escapeXml(EXPLANATION)}</text>`,
    ...maps,
    `<g transform="translate(0 ${legendTop})">${legend.svg}</g>`,
    ...lines.map((line, i) => `<text x="0" y="${foot + i * LINE_STEP}" class="tiny faint">${escapeXml(line)}</text>`),
  ]
  const [width, whole] = [MAP_WIDTH + 2 * MARGIN, height + MARGIN]
  return `<svg xmlns="http://www.w3.org/2000/svg" class="windrose" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" role="img" aria-label="${escapeXml(titleOf(body, service))}">
<title>${escapeXml(titleOf(body, service))}</title>
<style>${PICTURE_STYLE}</style>
<defs>${shapeDefinitions()}${fills.definitions()}</defs>
<rect class="ground" width="100%" height="100%"/>
<g transform="translate(${MARGIN} ${MARGIN})">${content.join('\n')}</g>
</svg>
`
}

const LINE_STEP = 15
const LINE_CHARACTERS = 150

function wrapLines(text: string): string[] {
  return text.match(new RegExp(`.{1,${LINE_CHARACTERS}}(?: |$)`, 'g')) ?? [text]
}

export const WHEN: Readonly<Record<Moment, string>> = {
  before: 'Now',
  after: 'Then (faded: where nothing changes)',
  only: '',
}

export const EXPLANATION =
  'Each country in the colour of the site that most of its clients are sent to; stripes where a second site has a fifth or more.'
