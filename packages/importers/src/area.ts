/** The two-letter codes of continents, as MaxMind, Amazon and octoDNS have them and as areas are written. */
export const CONTINENT_CODES: ReadonlySet<string> = new Set(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'])

/** Whether a text is a country's code in form: two capital letters. */
export function isCountryCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text)
}
