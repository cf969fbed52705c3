/**
 * The Equal Earth projection (Savric, Patterson and Jenny, 2018): areas keep their size, so that a colour takes as much room
 * as its countries do.
 */
const A1 = 1.340264
const A2 = -0.081106
const A3 = 0.000893
const A4 = 0.003796
const M = Math.sqrt(3) / 2

/** Half of the map's width, in units of the projection. */
const HALF_WIDTH: number = projectRaw(0, 180)[0]

/** Where a point lies on a map of so many units from 180 degrees west to 180 degrees east; y counts from the equator down. */
export function equalEarth(latitude: number, longitude: number, width: number): [x: number, y: number] {
  const [x, y] = projectRaw(latitude, longitude)
  const scale = width / (2 * HALF_WIDTH)
  return [width / 2 + x * scale, -y * scale]
}

function projectRaw(latitude: number, longitude: number): [x: number, y: number] {
  const theta = Math.asin(M * Math.sin((latitude * Math.PI) / 180))
  const t2 = theta * theta
  const t6 = t2 * t2 * t2
  const lambda = (longitude * Math.PI) / 180
  return [
    (lambda * Math.cos(theta)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2))),
    theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)),
  ]
}
