import { z } from 'zod'
import { headerNameSchema } from './check-expect.ts'
import { integerBetween, nameSchema, textSchema } from './name.ts'

/** How much a site can take. */
export interface CapacitySettings {
  readonly value: number
  /** Parts of `value`. */
  readonly target: number
  readonly low: number
  /** What `value` counts; left out, what the source says. */
  readonly unit?: string | undefined
  readonly source: 'queries' | LoadSourceSettings
}

/** Which check tells a site's load, and where in the answer: one of `header`, `json` and `metric`. */
export interface LoadSourceSettings {
  readonly check: string
  readonly header?: string | undefined
  readonly json?: string | undefined
  readonly metric?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly combine: 'sum' | 'mean' | 'max'
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

const sourceSchema: z.ZodType<LoadSourceSettings> = z.strictObject({
  check: nameSchema.describe("The http or https check of the site's endpoints whose answers say their load."),
  header: headerNameSchema.optional().describe('The header whose value is the load.'),
  json: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, {
      error: 'not a JSON Pointer\na "/" before each key, as in /load/current (RFC 6901)',
    })
    .optional()
    .describe('Where in a JSON body the load is, as a JSON Pointer (RFC 6901).'),
  metric: z
    .string()
    .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, {
      error: 'not the name of a metric\nlabels have a key of their own: { metric: in_flight, labels: { pool: web } }',
    })
    .optional()
    .describe('The metric whose samples add up to the load, in a body of the text format of Prometheus.'),
  labels: z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'not the name of a label' }), z.string())
    .optional()
    .describe('metric: what labels a sample must have to count. By default all samples count.'),
  combine: z
    .enum(['sum', 'mean', 'max'])
    .prefault('sum')
    .describe(
      'What the load of a site is of the figures of its endpoints: their sum, their mean, or the largest of them.',
    ),
})

const capacitySchema: z.ZodType<CapacitySettings> = z
  .union(
    [
      capacityValue,
      z
        .strictObject({
          value: z
            .number()
            .gt(0)
            .max(1_000_000_000)
            .describe(
              'The load at which the site is full: answers a second of all services and servers, or in `unit`.',
            ),
          target: shareSchema
            .prefault(0.8)
            .describe('Up to this part of it the site is filled; above, load goes elsewhere.'),
          low: shareSchema.prefault(0.65).describe('Only below this part of it load comes back.'),
          unit: z
            .string()
            .regex(/^[!-~]([ -~]{0,38}[!-~])?$/, { error: 'a unit is up to 40 characters of printable ASCII' })
            .optional()
            .describe('What `value` counts, for people. By default queries, or what the source is called.'),
          source: z
            .union([z.literal('queries'), sourceSchema], {
              error: 'expected where the load is known from\nqueries, or { check: NAME, header: X-Load }',
            })
            .prefault('queries')
            .describe("Where a site's load is known from: queries are counted, or a check reads what endpoints say."),
        })
        .refine(({ target, low }) => low < target, { error: 'low must be below target' }),
    ],
    { error: 'expected a capacity\na number of answers a second, or { value: 4000, target: 0.8, low: 0.65 }' },
  )
  .transform((capacity) =>
    typeof capacity === 'number' ? { value: capacity, target: 0.8, low: 0.65, source: 'queries' as const } : capacity,
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
  capacity: capacitySchema
    .optional()
    .describe('How many answers a second the site can take: a number, or { value, target, low, unit, source }.'),
  risk_groups: z
    .array(textSchema)
    .prefault([])
    .describe('What the site shares with others and may lose together with them: a provider, a power feed.'),
})

function degreesBetween(what: string, most: number): z.ZodType<number> {
  const error = `${what} is a number of degrees from -${most} to ${most}`
  return z.number({ error }).min(-most, { error }).max(most, { error })
}
