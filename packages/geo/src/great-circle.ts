/** A point on the globe, in degrees: north and east are positive. */
export interface Coordinates {
  readonly latitude: number
  readonly longitude: number
}

/** Mean radius of the Earth in kilometres (IUGG). */
const EARTH_RADIUS_KM = 6371.0088

/** The shortest way over the surface between two points, in kilometres, by the haversine formula. */
export function greatCircleKm(from: Coordinates, to: Coordinates): number {
  return arcKm(unitVector(from), unitVector(to))
}

/** A point as a vector of length 1 from the centre of the Earth: computed once for what is compared often. */
export type UnitVector = readonly [x: number, y: number, z: number]

export function unitVector(point: Coordinates): UnitVector {
  const latitude = (point.latitude * Math.PI) / 180
  const longitude = (point.longitude * Math.PI) / 180
  const around = Math.cos(latitude)
  return [around * Math.cos(longitude), around * Math.sin(longitude), Math.sin(latitude)]
}

/** As `greatCircleKm`. A quarter of the squared chord is the haversine, so nothing is lost on short ways. */
export function arcKm(from: UnitVector, to: UnitVector): number {
  const x = from[0] - to[0]
  const y = from[1] - to[1]
  const z = from[2] - to[2]
  const haversine = (x * x + y * y + z * z) / 4
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, haversine)))
}
