import { z } from 'zod'
import { nameSchema, textSchema } from './name.ts'

/** A zone, as the file says it. */
export interface ZoneSettings {
  readonly records: string
  /** Service by owner name: "@", a relative name, or an absolute one with its final dot. */
  readonly steer: Readonly<Record<string, string>>
}

const zoneSchema: z.ZodType<ZoneSettings> = z.strictObject({
  records: textSchema.describe(
    'The master file (RFC 1035) with the SOA, the NS and everything static. Relative to this file.',
  ),
  steer: z
    .record(textSchema, nameSchema)
    .prefault({})
    .describe(
      'Which names are steered, by which service: "@" is the apex, "www" and "*.app" are relative to it, a name with a final dot is absolute.',
    ),
})

export const zonesSchema: z.ZodType<Readonly<Record<string, ZoneSettings>>> = z
  .record(textSchema, zoneSchema)
  .prefault({})
  .describe('The zones that are served, by their apex.')
