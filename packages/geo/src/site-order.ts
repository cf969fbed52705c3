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
  /** Positions of the sites that are ordered together. */
  readonly #groups: readonly (readonly number[])[]
  /** By position, from the client in question. */
  readonly #distances: Float64Array

  /** Lists the nearest `preferred` sites of each group, which are lists of site indexes; without groups, of all sites. */
  constructor(sites: readonly PlacedSite[], preferred: number, groups?: readonly (readonly number[])[]) {
    const byIndex = [...sites].sort((a, b) => a.index - b.index)
    this.#indexes = byIndex.map((site) => site.index)
    this.#points = byIndex.map(unitVector)
    this.#factors = byIndex.map((site) => biasFactor(site.bias))
    this.#preferred = preferred
    this.#groups = (groups ?? [this.#indexes]).map((group) =>
      [...this.#indexes.keys()].filter((position) => group.includes(this.#indexes[position]!)),
    )
    this.#distances = new Float64Array(byIndex.length)
  }

  /** The indexes of the sites that are listed, nearest first; of sites equally far the lower index first. */
  nearest(client: Coordinates): number[] {
    const at = unitVector(client)
    const distances = this.#distances
    for (let i = 0; i < distances.length; i++) distances[i] = arcKm(at, this.#points[i]!) * this.#factors[i]!
    return this.#listed().map((position) => this.#indexes[position]!)
  }

  #listed(): readonly number[] {
    if (this.#groups.length === 1) return this.#nearestOf(this.#groups[0]!)
    const listed = new Set(this.#groups.flatMap((group) => this.#nearestOf(group)))
    return [...listed].sort((a, b) => this.#distances[a]! - this.#distances[b]! || a - b)
  }

  #nearestOf(group: readonly number[]): number[] {
    const distances = this.#distances
    const nearest: number[] = []
    for (const position of group) {
      const distance = distances[position]!
      let rank = nearest.length
      while (rank > 0 && distance < distances[nearest[rank - 1]!]!) rank--
      if (rank >= this.#preferred) continue
      nearest.splice(rank, 0, position)
      if (nearest.length > this.#preferred) nearest.pop()
    }
    return nearest
  }
}

/**
 * What a distance is multiplied by: 1 - b/100 for a bias b of 0 or more, 1 / (1 + b/100) below, so that +50 halves a
 * distance and -50 doubles it. (Amazon Route 53 prints only the first formula, under which -50 would give 1.5.)
 */
export function biasFactor(bias: number): number {
  return bias >= 0 ? 1 - bias / 100 : 1 / (1 + bias / 100)
}
