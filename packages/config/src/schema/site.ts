import { z } from 'zod'
import { integerBetween, textSchema } from './name.ts'

/** How much a site can take. */
export interface CapacitySettings {
  readonly value: number
  /** Parts of `value`. */
  readonly target: number
  readonly low: number
}

/** A data centre, as the file says it. */
export interface SiteSettings {
  /** Latitude and longitude in degrees. */
  readonly at?: readonly [number, number] | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly capacity?: CapacitySettings | undefined
  readonly risk_groups: readonly string[]
}

/** Latitude and longitude in degrees. */
export const coordinatesSchema: z.ZodType<readonly [number, number]> = z.tuple(
  [degreesBetween('latitude', 90), degreesBetween('longitude', 180)],
  { error: 'expected [latitude, longitude]\nfor example [50.11, 8.68]' },
)

const shareSchema = z.number().gt(0).max(1)

const capacityValue = integerBetween(1, 1_000_000_000)

const capacitySchema: z.ZodType<CapacitySettings> = z
  .union(
    [
      capacityValue,
      z
        .strictObject({
          value: capacityValue.describe('Answers a second, of all services and servers, at which the site is full.'),
          target: shareSchema
            .prefault(0.8)
            .describe('Up to this part of it the site is filled; above, load goes elsewhere.'),
          low: shareSchema.prefault(0.65).describe('Only below this part of it load comes back.'),
        })
        .refine(({ target, low }) => low < target, { error: 'low must be below target' }),
    ],
    { error: 'expected a capacity\na number of answers a second, or { value: 4000, target: 0.8, low: 0.65 }' },
  )
  .transform((capacity) => (typeof capacity === 'number' ? { value: capacity, target: 0.8, low: 0.65 } : capacity))

export const siteSchema: z.ZodType<SiteSettings> = z.strictObject({
  at: coordinatesSchema
    .optional()
    .describe('Where the site is: [latitude, longitude] in degrees, north and east positive.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'not a country code\ntwo capital letters, as in ISO 3166-1: DE, US, SG' })
    .optional()
    .describe('The country of the site, ISO 3166-1 alpha-2. Stands in for `at` with the middle of the country.'),
  capacity: capacitySchema
    .optional()
    .describe('How many answers a second the site can take: a number, or { value, target, low }.'),
  risk_groups: z
    .array(textSchema)
    .prefault([])
    .describe('What the site shares with others and may lose together with them: a provider, a power feed.'),
})

function degreesBetween(what: string, most: number): z.ZodType<number> {
  const error = `${what} is a number of degrees from -${most} to ${most}`
  return z.number({ error }).min(-most, { error }).max(most, { error })
}
