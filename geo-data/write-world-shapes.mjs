/**
 * Writes packages/cli/src/what-if/picture/world-shapes.ts: the outline of each country on the map that `windrose simulate`
 * draws. From Natural Earth 1:50m, as the npm package world-atlas has it:
 *
 *   npm pack world-atlas@2.0.2 i18n-iso-countries@7.14.0     # and unpack both
 *   node geo-data/write-world-shapes.mjs WORLD_ATLAS_DIR I18N_ISO_COUNTRIES_DIR
 *
 * Borders are simplified arc by arc, so that neighbours go on sharing them. What lies on both sides of 180 degrees is cut
 * there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { equalEarth } from '../packages/cli/dist/what-if/picture/equal-earth.js'

const [atlasDir, isoDir] = process.argv.slice(2)
const atlas = JSON.parse(readFileSync(join(atlasDir, 'countries-50m.json'), 'utf8'))
const iso = new Map(
  JSON.parse(readFileSync(join(isoDir, 'codes.json'), 'utf8')).map(([alpha2, , numeric]) => [numeric, alpha2]),
)

/** Coordinates of paths are whole numbers on a map of this width. */
const WIDTH = 9600
/** A point that lies closer than this to the line between its neighbours is left out. */
const TOLERANCE = 3
/** Smaller islands are left out, but for the largest part of a country. In square units. */
const LEAST_AREA = 180
/** A country with less land than this is left out: it is drawn as a dot. In square units. */
const LEAST_COUNTRY = 900
/** Nobody lives south of this. */
const SOUTHERNMOST = -58

/** Natural Earth has no number for these: what stands for them in databases, or nothing. */
const BY_NAME = { Kosovo: 'XK', 'N. Cyprus': 'CY', Somaliland: 'SO' }

const arcs = atlas.arcs.map((arc) => simplify(arc.map(decoder(atlas.transform))))

const shapes = new Map()
for (const country of atlas.objects.countries.geometries) {
  const code = iso.get(country.id) ?? BY_NAME[country.properties.name] ?? ''
  const polygons = country.type === 'Polygon' ? [country.arcs] : (country.arcs ?? [])
  const parts = polygons.flatMap((rings) => cutAtDateLine(rings.map(ringOf))).filter(([outer]) => !isFarSouth(outer))
  const kept = keepLarge(parts.map((rings) => rings.map((ring) => ring.map(project))))
  if (code !== '' && kept.reduce((sum, [outer]) => sum + areaOf(outer), 0) < LEAST_COUNTRY) continue
  const path = kept.flatMap((rings) => rings.map(pathOf)).join('')
  if (path !== '') shapes.set(code, (shapes.get(code) ?? '') + path)
}

const lines = [...shapes]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, path]) => `  ${code === '' ? "''" : code}: '${path}',`)
writeFileSync(
  new URL('../packages/cli/src/what-if/picture/world-shapes.ts', import.meta.url),
  `/**
 * Outlines of countries by ISO 3166-1 alpha-2 code, as SVG paths on an Equal Earth map ${WIDTH} units wide with the equator at 0;
 * under no code land that is nobody's. Countries too small to be seen are not there. Written by geo-data/write-world-shapes.mjs
 * from Natural Earth 1:50m, which is in the public domain.
 */
export const WORLD_SHAPES: Readonly<Record<string, string>> = {
${lines.join('\n')}
}

/** Units from 180 degrees west to 180 degrees east. */
export const WORLD_WIDTH = ${WIDTH}
`,
)

/** Arcs are runs of differences from point to point, in steps of the transform. Longitudes go on beyond 180 degrees. */
function decoder({ scale, translate }) {
  let [x, y] = [0, 0]
  let before
  return ([dx, dy]) => {
    x += dx
    y += dy
    const longitude = near(x * scale[0] + translate[0], before ?? x * scale[0] + translate[0])
    before = longitude
    return [longitude, y * scale[1] + translate[1]]
  }
}

/** The longitude with so many turns added that it is nearest to another. */
function near(longitude, other) {
  return longitude + 360 * Math.round((other - longitude) / 360)
}

function project([longitude, latitude]) {
  return equalEarth(latitude, longitude, WIDTH)
}

function ringOf(indexes) {
  const points = []
  for (const index of indexes) {
    const arc = index >= 0 ? arcs[index] : [...arcs[~index]].reverse()
    const shift = points.length > 0 ? near(arc[0][0], points.at(-1)[0]) - arc[0][0] : 0
    points.push(
      ...(points.length > 0 ? arc.slice(1) : arc).map(([longitude, latitude]) => [longitude + shift, latitude]),
    )
  }
  return points
}

/** The parts of a polygon on either side of 180 degrees, each as its outer ring and its holes. */
function cutAtDateLine(rings) {
  const [outer] = rings
  const [west, east] = [Math.min(...outer.map(([x]) => x)), Math.max(...outer.map(([x]) => x))]
  return [-360, 0, 360].flatMap((shift) => {
    if (east + shift <= -180 || west + shift >= 180) return []
    const moved = rings.map((ring) => ring.map(([x, y]) => [x + shift, y]))
    const cut = moved.map((ring) => cutBeyond(cutBeyond(ring, 180, 1), -180, -1)).filter((ring) => ring.length > 2)
    return cut.length > 0 ? [cut] : []
  })
}

/** Sutherland and Hodgman: the ring without what lies beyond a meridian, to its east (1) or west (-1). */
function cutBeyond(ring, meridian, side) {
  const isInside = ([x]) => (x - meridian) * side <= 0
  return ring.flatMap((point, i) => {
    const before = ring.at(i - 1)
    const crossing = () => {
      const part = (meridian - before[0]) / (point[0] - before[0])
      return [meridian, before[1] + part * (point[1] - before[1])]
    }
    if (isInside(point)) return isInside(before) ? [point] : [crossing(), point]
    return isInside(before) ? [crossing()] : []
  })
}

/** Ramer, Douglas and Peucker. */
function simplify(points) {
  if (points.length <= 2) return points
  const [first, last] = [points[0], points.at(-1)]
  let [farthest, distance] = [0, 0]
  for (let i = 1; i < points.length - 1; i++) {
    const d = distanceTo(points[i], first, last)
    if (d > distance) [farthest, distance] = [i, d]
  }
  if (distance <= TOLERANCE) return [first, last]
  return [...simplify(points.slice(0, farthest + 1)).slice(0, -1), ...simplify(points.slice(farthest))]
}

function distanceTo(point, from, to) {
  const [[px, py], [ax, ay], [bx, by]] = [point, from, to].map(project)
  const [dx, dy] = [bx - ax, by - ay]
  const length = Math.hypot(dx, dy)
  return length === 0 ? Math.hypot(px - ax, py - ay) : Math.abs(dy * (px - ax) - dx * (py - ay)) / length
}

function keepLarge(polygons) {
  const largest = Math.max(...polygons.map(([outer]) => areaOf(outer)))
  return polygons.filter(([outer]) => areaOf(outer) >= Math.min(LEAST_AREA, largest))
}

function areaOf(points) {
  let sum = 0
  for (let i = 0; i < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i], points[(i + 1) % points.length]]
    sum += ax * by - bx * ay
  }
  return Math.abs(sum) / 2
}

function isFarSouth(points) {
  return points.every(([, latitude]) => latitude < SOUTHERNMOST)
}

/** Relative moves of whole units; points that fall on the one before are left out. */
function pathOf(points) {
  const whole = points.map(([x, y]) => [Math.round(x), Math.round(y)])
  const [start] = whole
  let [x, y] = start
  const steps = []
  for (const [nextX, nextY] of whole.slice(1)) {
    if (nextX === x && nextY === y) continue
    steps.push(`${nextX - x}${nextY - y < 0 ? '' : ' '}${nextY - y}`)
    ;[x, y] = [nextX, nextY]
  }
  return steps.length < 2
    ? ''
    : `M${start[0]}${start[1] < 0 ? '' : ' '}${start[1]}l${steps.join(' ').replaceAll(' -', '-')}z`
}
