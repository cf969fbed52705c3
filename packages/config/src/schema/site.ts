import { z } from 'zod'
import { integerBetween, textSchema } from './name.ts'

/** A data centre, as the file says it. */
export interface SiteSettings {
  /** Latitude and longitude in degrees. */
  readonly at?: readonly [number, number] | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly capacity?: number | undefined
  readonly risk_groups: readonly string[]
}

/** Latitude and longitude in degrees. */
export const coordinatesSchema: z.ZodType<readonly [number, number]> = z.tuple(
  [degreesBetween('latitude', 90), degreesBetween('longitude', 180)],
  { error: 'expected [latitude, longitude]\nfor example [50.11, 8.68]' },
)

export const siteSchema: z.ZodType<SiteSettings> = z.strictObject({
  at: coordinatesSchema
    .optional()
    .describe('Where the site is: [latitude, longitude] in degrees, north and east positive.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'not a country code\ntwo capital letters, as in ISO 3166-1: DE, US, SG' })
    .optional()
    .describe('The country of the site, ISO 3166-1 alpha-2. Stands in for `at` with the middle of the country.'),
  capacity: integerBetween(1, 1_000_000_000)
    .optional()
    .describe('How much load the site can take, in a unit of your choice that all sites share.'),
  risk_groups: z
    .array(textSchema)
    .prefault([])
    .describe('What the site shares with others and may lose together with them: a provider, a power feed.'),
})

function degreesBetween(what: string, most: number): z.ZodType<number> {
  const error = `${what} is a number of degrees from -${most} to ${most}`
  return z.number({ error }).min(-most, { error }).max(most, { error })
}
