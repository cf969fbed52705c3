import type { AreaMatcher } from './area-table.ts'
import type { Database } from './mmdb-file.ts'
import type { Field } from './schema.ts'

/** Why an area could have no client whatever the addresses: no database says what it asks. Undefined: one does. */
export function areaProblem(
  { kind }: AreaMatcher,
  databases: readonly Database[],
): { readonly message: string; readonly hint: string } | undefined {
  const knows = (field: Field): boolean =>
    databases.some(({ schema }) => schema.fields[field].length > 0 && (field === 'asn' || schema.precision !== 'asn'))
  const refuse = (what: string, which: string) => ({
    message: `no geo database knows ${what}`,
    hint: `name ${which} in geo.databases`,
  })
  switch (kind) {
    case 'prefix':
      return undefined
    case 'asn':
      return knows('asn') ? undefined : refuse('AS numbers', 'an ASN database')
    case 'city':
      return knows('city') ? undefined : refuse('cities', 'a City database')
    case 'subdivision':
      return knows('subdivision') ? undefined : refuse('subdivisions', 'a City database')
    case 'country':
      return knows('country') ? undefined : refuse('countries', 'a country or City database')
    case 'continent':
      return knows('country') || knows('continent') ? undefined : refuse('continents', 'a country or City database')
  }
}
