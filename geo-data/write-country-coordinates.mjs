/**
 * Writes packages/geo/src/country-coordinates.ts from country-coordinates.csv, which is the file to edit.
 *
 *   node geo-data/write-country-coordinates.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs'

const rows = readFileSync(new URL('country-coordinates.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
const entries = rows.map((row) => {
  const [country, latitude, longitude] = row.split(',')
  return `  ${country}: [${Number(latitude)}, ${Number(longitude)}],\n`
})

const source = `import type { Coordinates } from './great-circle.ts'

/**
 * Where a country's clients are taken to be: one point for each ISO 3166-1 alpha-2 code, close to where most of its
 * people live. Written by geo-data/write-country-coordinates.mjs from geo-data/country-coordinates.csv; geo-data's
 * README says where the numbers come from.
 */
const COORDINATES: Readonly<Record<string, readonly [latitude: number, longitude: number]>> = {
${entries.join('')}}

/** The point of a country, by its code in upper or lower case; undefined for a code that is not a country's. */
export function countryCoordinates(country: string): Coordinates | undefined {
  const code = country.toUpperCase()
  const point = Object.hasOwn(COORDINATES, code) ? COORDINATES[code] : undefined
  return point && { latitude: point[0], longitude: point[1] }
}

/** Every code that has a point, in order. */
export function countryCodes(): string[] {
  return Object.keys(COORDINATES)
}
`

writeFileSync(new URL('../packages/geo/src/country-coordinates.ts', import.meta.url), source)
