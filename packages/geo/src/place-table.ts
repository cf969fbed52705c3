import { countryCoordinates } from './country-coordinates.ts'
import { type CompiledPath, compilePath, FieldReader } from './field-reader.ts'
import type { Coordinates } from './great-circle.ts'
import type { Database } from './mmdb-file.ts'
import { isPlaced } from './place.ts'
import { RecordNumbers } from './record-numbers.ts'
import type { Field } from './schema.ts'
import { dataOffset } from './search-tree.ts'

/** The places of one or more databases, by number. Number 0 is nowhere. */
export class PlaceTable {
  readonly #latitudes: number[] = [Number.NaN]
  readonly #longitudes: number[] = [Number.NaN]
  readonly #countryOf: string[] = ['']
  /** The place of a country as a whole, by its code as the databases write it. */
  readonly #countries: Map<string, number> = new Map()

  get size(): number {
    return this.#latitudes.length
  }

  /** The point of a place other than 0. */
  coordinates(place: number): Coordinates {
    return { latitude: this.#latitudes[place]!, longitude: this.#longitudes[place]! }
  }

  /** The country of a place, as the databases write its code, in upper case; empty where they do not say. */
  country(place: number): string {
    return this.#countryOf[place]!
  }

  /** Gives the number of the place that a record of the search tree points to. Each distinct record is read once. */
  reader(database: Database): (record: number) => number {
    const { tree, schema } = database
    const fields = new FieldReader(tree)
    const compiled = (field: Field): CompiledPath[] => schema.fields[field].map(compilePath)
    const latitude = compiled('latitude')
    const longitude = compiled('longitude')
    const country = compiled('country')
    const read = (record: number): number => {
      const offset = dataOffset(tree, record)
      const own = { latitude: firstNumber(fields, offset, latitude), longitude: firstNumber(fields, offset, longitude) }
      const code = firstString(fields, offset, country)
      return isPlaced(own.latitude, own.longitude) ? this.#add(own, code) : this.#country(code)
    }
    const numbers = new RecordNumbers()
    return (record) => {
      const known = numbers.get(record)
      return known >= 0 ? known : numbers.add(record, read(record))
    }
  }

  #add(point: Coordinates, code: string): number {
    this.#countryOf.push(code.toUpperCase())
    this.#longitudes.push(point.longitude)
    return this.#latitudes.push(point.latitude) - 1
  }

  #country(code: string): number {
    if (code === '') return 0
    const known = this.#countries.get(code)
    if (known !== undefined) return known
    const point = countryCoordinates(code)
    const place = point === undefined ? 0 : this.#add(point, code)
    this.#countries.set(code, place)
    return place
  }
}

function firstNumber(fields: FieldReader, offset: number, paths: readonly CompiledPath[]): number {
  for (const path of paths) {
    const number = fields.number(offset, path)
    if (!Number.isNaN(number)) return number
  }
  return Number.NaN
}

function firstString(fields: FieldReader, offset: number, paths: readonly CompiledPath[]): string {
  for (const path of paths) {
    const text = fields.string(offset, path)
    if (text !== '') return text
  }
  return ''
}
