import { countryCoordinates } from './country-coordinates.ts'
import { type CompiledPath, FieldReader } from './field-reader.ts'
import type { Coordinates } from './great-circle.ts'
import type { Database } from './mmdb-file.ts'
import { type NamedAreas, NO_AREAS } from './named-areas.ts'
import { isPlaced } from './place.ts'
import { onceForEachRecord } from './record-numbers.ts'
import { compileField, type Region, RegionTable } from './region-table.ts'
import { dataOffset } from './search-tree.ts'

/** The places of one or more databases, by number. Number 0 is nowhere. */
export class PlaceTable {
  readonly #latitudes: number[] = [Number.NaN]
  readonly #longitudes: number[] = [Number.NaN]
  readonly #regionOf: number[] = [0]
  readonly #regions: RegionTable
  readonly #areRegionsNamed: boolean
  /** The place of all records that have no point of their own, by region. */
  readonly #regionPlaces: number[] = [0]

  /** Tells places apart that are different areas to somebody. */
  constructor(named: NamedAreas = NO_AREAS) {
    this.#regions = new RegionTable(named)
    this.#areRegionsNamed = named.regions
  }

  get size(): number {
    return this.#latitudes.length
  }

  /** What is said of regions, by region number. */
  get regions(): readonly Region[] {
    return this.#regions.list
  }

  /** Whether a place has a point. One that has none is known by its region alone. */
  hasPoint(place: number): boolean {
    return !Number.isNaN(this.#latitudes[place]!)
  }

  /** The point of a place that has one. */
  coordinates(place: number): Coordinates {
    return { latitude: this.#latitudes[place]!, longitude: this.#longitudes[place]! }
  }

  /** The number of the region that a place is in. */
  region(place: number): number {
    return this.#regionOf[place]!
  }

  /** Gives the number of the place that a record of the search tree points to. Each distinct record is read once. */
  reader(database: Database): (record: number) => number {
    const { tree, schema } = database
    const fields = new FieldReader(tree)
    const latitude = compileField(schema, 'latitude')
    const longitude = compileField(schema, 'longitude')
    const regionAt = this.#regions.reader(database, fields)
    return onceForEachRecord((record) => {
      const offset = dataOffset(tree, record)
      const own = { latitude: firstNumber(fields, offset, latitude), longitude: firstNumber(fields, offset, longitude) }
      const region = regionAt(offset)
      return isPlaced(own.latitude, own.longitude) ? this.#add(own, region) : this.#placeOfRegion(region)
    })
  }

  #add(point: Coordinates, region: number): number {
    this.#regionOf.push(region)
    this.#longitudes.push(point.longitude)
    return this.#latitudes.push(point.latitude) - 1
  }

  /** The middle of the country. A region without one is a place only where areas ask for regions. */
  #placeOfRegion(region: number): number {
    const known = this.#regionPlaces[region]
    if (known !== undefined) return known
    const point = countryCoordinates(this.regions[region]!.country)
    const place = point === undefined && !this.#areRegionsNamed ? 0 : this.#add(point ?? POINTLESS, region)
    this.#regionPlaces[region] = place
    return place
  }
}

const POINTLESS: Coordinates = { latitude: Number.NaN, longitude: Number.NaN }

function firstNumber(fields: FieldReader, offset: number, paths: readonly CompiledPath[]): number {
  for (const path of paths) {
    const number = fields.number(offset, path)
    if (!Number.isNaN(number)) return number
  }
  return Number.NaN
}
