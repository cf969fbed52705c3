import type { FieldPath } from './field-reader.ts'

/** What a database can say about a client, and where in its records it says so. */
export interface Schema {
  /** Who made it, as far as its type tells: for attribution. */
  readonly vendor: 'MaxMind' | 'DB-IP' | 'IPinfo' | 'ip-location-db' | 'unknown'
  /** The finest thing it knows. An `asn` database places nobody. */
  readonly precision: 'city' | 'country' | 'asn'
  /** For each field the paths to try, best first; none when the database does not have it. */
  readonly fields: Readonly<Record<Field, readonly FieldPath[]>>
}

export type Field = 'latitude' | 'longitude' | 'country' | 'continent' | 'subdivision' | 'city' | 'asn' | 'organisation'

/**
 * Recognises a schema by the type in the metadata and the fields of sampled records. A database with no field that
 * is of use is a problem that says which fields there are: it must never pass for one that knows nothing.
 */
export function recogniseSchema(databaseType: string, records: readonly unknown[]): Schema | { problem: string } {
  if (records.length === 0) return { problem: 'it holds no records; use another file' }
  const fields: Record<Field, readonly FieldPath[]> = { ...NO_FIELDS }
  for (const { field, paths, holds } of CANDIDATES) {
    fields[field] = paths.filter((path) => records.some((record) => holds(fieldAt(record, path))))
  }
  const placed = fields.latitude.length > 0 && fields.longitude.length > 0
  const precision = placed ? 'city' : fields.country.length > 0 ? 'country' : 'asn'
  if (precision === 'asn' && fields.asn.length === 0) return { problem: noUseProblem(databaseType, records) }
  return { vendor: vendorOf(databaseType), precision, fields }
}

/** The value at a path of a decoded record; undefined where the record has none. */
export function fieldAt(record: unknown, path: FieldPath): unknown {
  let value: unknown = record
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** A finite number, or one written as a string. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

/** An AS number: 15169, '15169' or 'AS15169'. */
export function toAsn(value: unknown): number {
  return toNumber(typeof value === 'string' ? value.replace(/^AS/i, '') : value)
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isCode = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z]{2}$/.test(value)
const isNumber = (value: unknown): boolean => Number.isFinite(toNumber(value))
const isAsn = (value: unknown): boolean => Number.isInteger(toAsn(value))

/** MaxMind and DB-IP nest their fields; IPinfo and ip-location-db do not. */
const CANDIDATES: readonly {
  readonly field: Field
  readonly paths: readonly FieldPath[]
  readonly holds: (value: unknown) => boolean
}[] = [
  { field: 'latitude', paths: [['location', 'latitude'], ['latitude'], ['lat']], holds: isNumber },
  { field: 'longitude', paths: [['location', 'longitude'], ['longitude'], ['lng'], ['lon']], holds: isNumber },
  {
    field: 'country',
    paths: [['country', 'iso_code'], ['country_code'], ['country'], ['registered_country', 'iso_code']],
    holds: isCode,
  },
  { field: 'continent', paths: [['continent', 'code'], ['continent_code'], ['continent']], holds: isCode },
  {
    field: 'subdivision',
    paths: [['subdivisions', 0, 'iso_code'], ['subdivisions', 0, 'names', 'en'], ['state1'], ['region']],
    holds: isText,
  },
  { field: 'city', paths: [['city', 'names', 'en'], ['city']], holds: isText },
  {
    field: 'asn',
    paths: [['autonomous_system_number'], ['traits', 'autonomous_system_number'], ['asn']],
    holds: isAsn,
  },
  {
    field: 'organisation',
    paths: [['autonomous_system_organization'], ['traits', 'autonomous_system_organization'], ['as_name']],
    holds: isText,
  },
]

const NO_FIELDS: Readonly<Record<Field, readonly FieldPath[]>> = {
  latitude: [],
  longitude: [],
  country: [],
  continent: [],
  subdivision: [],
  city: [],
  asn: [],
  organisation: [],
}

function vendorOf(databaseType: string): Schema['vendor'] {
  if (/^(GeoLite|GeoIP)/i.test(databaseType)) return 'MaxMind'
  if (/^DBIP/i.test(databaseType)) return 'DB-IP'
  if (/ipinfo/i.test(databaseType)) return 'IPinfo'
  if (/ ipv(All|4|6)$/.test(databaseType)) return 'ip-location-db'
  return 'unknown'
}

function noUseProblem(databaseType: string, records: readonly unknown[]): string {
  const found = new Set<string>()
  for (const record of records) collectFields(record, '', found)
  const list = [...found].sort().slice(0, FIELDS_SHOWN).join(', ')
  return (
    `no country, coordinates or AS number in its records (type '${databaseType}', ` +
    `${list === '' ? 'no fields at all' : `fields: ${list}`}); use a country, city or ASN database`
  )
}

const FIELDS_SHOWN = 12

function collectFields(value: unknown, path: string, found: Set<string>): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, below] of Object.entries(value)) collectFields(below, path === '' ? key : `${path}.${key}`, found)
  } else if (path !== '') found.add(path)
}
