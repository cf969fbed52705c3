import { DNS_CHECK_RCODES } from '@windrose/health'
import { z } from 'zod'
import { integerBetween, switchSchema, textSchema } from './name.ts'

/** What a good answer looks like, as the file says it. */
export interface ExpectSettings {
  readonly status?: StatusSettings | undefined
  readonly body?: string | undefined
  readonly body_matches?: string | undefined
  readonly body_limit?: number | undefined
  readonly headers?: Readonly<Record<string, HeaderSettings>> | undefined
  readonly rcodes?: readonly (typeof DNS_CHECK_RCODES)[number][] | undefined
  readonly answers?: readonly string[] | undefined
}

export type StatusSettings = string | readonly (number | string)[]

/** A text is what the header must be. */
export type HeaderSettings = string | { readonly matches?: string | undefined; readonly present?: boolean | undefined }

const statusSchema = z
  .string()
  .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, { error: 'expected a status or a range\nfor example "204" or "200-299"' })

export const statusesSchema: z.ZodType<StatusSettings> = z.union(
  [statusSchema, z.array(z.union([integerBetween(100, 599), statusSchema])).min(1)],
  { error: 'expected statuses\nfor example "200-299" or [200, 204, "300-399"]' },
)

export const headerNameSchema: z.ZodType<string> = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'not a header name' })

export const expectSchema: z.ZodType<ExpectSettings> = z
  .strictObject({
    status: statusesSchema
      .optional()
      .describe('http, https: the statuses that count as up: a range, or a list. By default 200-299.'),
    body: textSchema.optional().describe('http, https: text that the body must contain.'),
    body_matches: textSchema.optional().describe('http, https: a regular expression that the body must match.'),
    body_limit: integerBetween(1, 1_048_576)
      .optional()
      .describe('http, https: how many octets of the body are read. By default 65536.'),
    headers: z
      .record(
        headerNameSchema,
        z.union(
          [
            z.string(),
            z.strictObject({
              matches: textSchema.optional().describe('A regular expression that the header must match.'),
              present: switchSchema.optional().describe('Whether the header must be there (on) or must not (off).'),
            }),
          ],
          { error: 'expected the text of the header, { matches: PATTERN } or { present: on }' },
        ),
      )
      .optional()
      .describe('http, https: what headers of the response must be, by name.'),
    rcodes: z
      .array(z.enum(DNS_CHECK_RCODES))
      .min(1)
      .optional()
      .describe('dns: the response codes that count as up. By default [NOERROR].'),
    answers: z
      .array(textSchema)
      .min(1)
      .optional()
      .describe('dns: rdata that the answer must contain, in presentation format.'),
  })
  .describe('http, https, dns: what a good answer looks like.')
