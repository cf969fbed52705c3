import { type Continent, continentOf } from '@windrose/geo'

/** Continents by their two-letter codes, as MaxMind, Amazon and octoDNS have them and as areas are written. */
const CONTINENTS: ReadonlyMap<string, Continent> = new Map([
  ['AF', 'africa'],
  ['AN', 'antarctica'],
  ['AS', 'asia'],
  ['EU', 'europe'],
  ['NA', 'north-america'],
  ['OC', 'oceania'],
  ['SA', 'south-america'],
])

export function isContinentCode(text: string): boolean {
  return CONTINENTS.has(text)
}

/** Whether a text is a country's code in form: two capital letters. */
export function isCountryCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text)
}

/** The area around a country or subdivision: `continent:EU` for `country:DE`. */
export function continentAround(area: string): string | undefined {
  const country = /^(?:country|subdivision):([A-Z]{2})/.exec(area)?.[1]
  const continent = country === undefined ? undefined : continentOf(country)
  for (const [code, name] of CONTINENTS) if (name === continent) return `continent:${code}`
  return undefined
}
