import { z } from 'zod'
import { integerBetween, nameSchema, textSchema } from './name.ts'

/** Where clients are, as the file says it. */
export interface GeoSettings {
  /** Undefined: the database that comes with the program. */
  readonly databases?: readonly string[] | undefined
  /** Overrides, and paths of files that hold more of them. */
  readonly overrides: readonly (GeoOverrideSettings | string)[]
  readonly preferred_sites: number
}

/** The sites of the clients in one prefix. */
export interface GeoOverrideSettings {
  readonly prefix: string
  readonly sites: readonly string[]
  readonly vantage?: string | undefined
  readonly comment?: string | undefined
}

const overrideSchema: z.ZodType<GeoOverrideSettings> = z.strictObject({
  prefix: textSchema.describe('The clients: an IPv4 or IPv6 prefix, or one address. The longest prefix wins.'),
  sites: z.array(nameSchema).min(1).describe('Their sites in order, most preferred first.'),
  vantage: nameSchema.optional().describe('The vantage whose view of the endpoints is theirs.'),
  comment: z.string().optional().describe('Why. Shown when a decision is explained.'),
})

/** What an override file holds. */
export const overrideFileSchema: z.ZodType<readonly GeoOverrideSettings[]> = z.array(overrideSchema, {
  error: 'expected a list of overrides\nfor example [{ prefix: 10.20.0.0/16, sites: [fra] }]',
})

export const geoSchema: z.ZodType<GeoSettings> = z
  .strictObject({
    databases: z
      .array(textSchema)
      .min(1)
      .optional()
      .describe(
        'MMDB files that say where clients are; the first that knows an address decides. Relative to this file. By default the country database that comes with windrose.',
      ),
    overrides: z
      .array(
        z.union([textSchema, overrideSchema], {
          error: 'expected an override\n{ prefix: 10.20.0.0/16, sites: [fra] }, or the path of a file that lists such',
        }),
      )
      .prefault([])
      .describe(
        'Prefixes whose clients have sites of their own; they beat the databases. A text is the path of a YAML file that holds such a list.',
      ),
    preferred_sites: integerBetween(1, 16)
      .prefault(3)
      .describe('How many sites are put in order for each client; the others follow in one common order.'),
  })
  .prefault({})
  .describe('Where clients are.')
