import { arcKm, type Coordinates, type UnitVector, unitVector } from './great-circle.ts'

/** A site that clients can be near to. A site without coordinates is not one of these: it is never chosen by distance. */
export interface PlacedSite extends Coordinates {
  /** Index into the configuration's sites. */
  readonly index: number
  /** -99 to 99: draws clients in where positive, keeps them away where negative. */
  readonly bias: number
}

/** Orders sites by their distance from a client; made once for a set of sites. */
export class SiteOrder {
  readonly #indexes: readonly number[]
  readonly #points: readonly UnitVector[]
  readonly #factors: readonly number[]
  readonly #preferred: number

  /** Lists the nearest `preferred` sites. */
  constructor(sites: readonly PlacedSite[], preferred: number) {
    const byIndex = [...sites].sort((a, b) => a.index - b.index)
    this.#indexes = byIndex.map((site) => site.index)
    this.#points = byIndex.map(unitVector)
    this.#factors = byIndex.map((site) => biasFactor(site.bias))
    this.#preferred = preferred
  }

  /** The indexes of the nearest sites, nearest first; of sites equally far the lower index first. */
  nearest(client: Coordinates): number[] {
    const at = unitVector(client)
    const sites: number[] = []
    const distances: number[] = []
    for (let i = 0; i < this.#points.length; i++) {
      const distance = arcKm(at, this.#points[i]!) * this.#factors[i]!
      let rank = sites.length
      while (rank > 0 && distance < distances[rank - 1]!) rank--
      if (rank >= this.#preferred) continue
      sites.splice(rank, 0, this.#indexes[i]!)
      distances.splice(rank, 0, distance)
      if (sites.length > this.#preferred) {
        sites.pop()
        distances.pop()
      }
    }
    return sites
  }
}

/**
 * What a distance is multiplied by: 1 - b/100 for a bias b of 0 or more, 1 / (1 + b/100) below, so that +50 halves a
 * distance and -50 doubles it. (Amazon Route 53 prints only the first formula, under which -50 would give 1.5.)
 */
export function biasFactor(bias: number): number {
  return bias >= 0 ? 1 - bias / 100 : 1 / (1 + bias / 100)
}
