import { arcKm, type Coordinates, type UnitVector, unitVector } from './great-circle.ts'

/** Whose view of the endpoints clients have, where the databases say where they are. Plain data. */
export interface ViewSpec {
  /** Countries whose clients have the view of a certain vantage, ISO 3166-1 alpha-2, upper case. */
  readonly countries: readonly (readonly [country: string, view: number])[]
  /** Vantages of which the others have the view of the nearest; none: they have the global view. */
  readonly nearest: readonly PlacedVantage[]
}

export interface PlacedVantage extends Coordinates {
  /** Row of the health table, 1 or more. */
  readonly view: number
}

/** Nobody's view is another than the global one. */
export const GLOBAL_VIEW: ViewSpec = { countries: [], nearest: [] }

/** Finds views; made once for a map. */
export class ViewOrder {
  readonly #byCountry: ReadonlyMap<string, number>
  readonly #vantages: readonly { readonly view: number; readonly point: UnitVector }[]

  constructor({ countries, nearest }: ViewSpec) {
    this.#byCountry = new Map(countries)
    this.#vantages = [...nearest]
      .sort((a, b) => a.view - b.view)
      .map((vantage) => ({ view: vantage.view, point: unitVector(vantage) }))
  }

  /** The view of the clients at a place: of their country, else of the nearest vantage; of equally far ones the first. */
  of(client: Coordinates, country: string): number {
    const own = this.#byCountry.get(country)
    if (own !== undefined || this.#vantages.length === 0) return own ?? 0
    const at = unitVector(client)
    let view = 0
    let least = Number.POSITIVE_INFINITY
    for (const vantage of this.#vantages) {
      const distance = arcKm(at, vantage.point)
      if (distance >= least) continue
      least = distance
      view = vantage.view
    }
    return view
  }
}
