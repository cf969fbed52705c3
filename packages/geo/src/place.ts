import { countryCoordinates } from './country-coordinates.ts'
import type { Coordinates } from './great-circle.ts'
import { type Field, fieldAt, type Schema, toAsn, toNumber } from './schema.ts'

/** What a database says about an address. */
export interface Place {
  /** Undefined when the client cannot be placed. */
  readonly coordinates: Coordinates | undefined
  /** Whether the coordinates are the record's own or stand for its whole country. */
  readonly from: 'record' | 'country' | 'nothing'
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string | undefined
  readonly continent: string | undefined
  /** The first-level one: its code, or its name where the database has no codes. */
  readonly subdivision: string | undefined
  /** All that the database calls it: an area may name it by any of these. */
  readonly subdivisionNames: readonly string[]
  readonly city: string | undefined
  readonly asn: number | undefined
  readonly organisation: string | undefined
}

/** Reads a decoded record. Coordinates are the record's own, else those of its country, else there are none. */
export function readPlace(schema: Schema, record: unknown): Place {
  const all = (field: Field): unknown[] =>
    schema.fields[field].map((path) => fieldAt(record, path)).filter((value) => value !== undefined && value !== '')
  const first = (field: Field): unknown => all(field)[0]
  const text = (field: Field): string | undefined => {
    const value = first(field)
    return typeof value === 'string' ? value : undefined
  }
  const country = text('country')?.toUpperCase()
  const own = { latitude: toNumber(first('latitude')), longitude: toNumber(first('longitude')) }
  const ofCountry = country === undefined ? undefined : countryCoordinates(country)
  const asn = toAsn(first('asn'))
  return {
    coordinates: isPlaced(own.latitude, own.longitude) ? own : ofCountry,
    from: isPlaced(own.latitude, own.longitude) ? 'record' : ofCountry === undefined ? 'nothing' : 'country',
    country,
    continent: text('continent')?.toUpperCase(),
    subdivision: text('subdivision'),
    subdivisionNames: all('subdivision').filter((name) => typeof name === 'string'),
    city: text('city'),
    asn: Number.isInteger(asn) ? asn : undefined,
    organisation: text('organisation'),
  }
}

/**
 * True for coordinates that a client can be at. 0, 0 is how some databases say that they do not know: nobody lives
 * there, and it must not make the sites around the Gulf of Guinea everybody's nearest.
 */
export function isPlaced(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0)
}
