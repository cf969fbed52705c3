import { CHECK_DEFAULTS } from '@windrose/health'
import { z } from 'zod'
import { printDuration } from '../duration.ts'
import { durationBetween } from './duration.ts'
import { integerBetween, nameSchema, switchSchema, textSchema } from './name.ts'

/** What is probed and how, as the file says it; durations in milliseconds. */
export interface CheckSettings {
  readonly type: 'http' | 'https' | 'tcp'
  readonly port?: number | undefined
  readonly path?: string | undefined
  readonly host?: string | undefined
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly expect?:
    | { readonly status?: string | readonly (number | string)[] | undefined; readonly body?: string | undefined }
    | undefined
  readonly tls?: TlsSettings | undefined
  readonly send?: string | undefined
  readonly expect_text?: string | undefined
  readonly interval: number
  readonly timeout?: number | undefined
  readonly jitter: number
  readonly rise: number
  readonly fall: number
}

export interface TlsSettings {
  readonly verify?: boolean | undefined
  readonly server_name?: string | undefined
  readonly ca_file?: string | undefined
}

const statusSchema = z
  .string()
  .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, { error: 'expected a status or a range\nfor example "204" or "200-299"' })

export const checkSchema: z.ZodType<CheckSettings> = z.strictObject({
  type: z
    .enum(['http', 'https', 'tcp'])
    .describe('How the endpoint is asked: an HTTP request, the same over TLS, or a TCP connection.'),
  port: integerBetween(1, 65_535)
    .optional()
    .describe('The port that is connected to. By default 80 for http and 443 for https; tcp needs one.'),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, { error: 'a path starts with "/" and holds no spaces' })
    .optional()
    .describe('http, https: the path, with its query. By default "/".'),
  host: textSchema
    .optional()
    .describe("http, https: the Host header, and the name sent in TLS. By default the endpoint's address."),
  method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST']).optional().describe('http, https: the method. By default GET.'),
  headers: z
    .record(headerNameSchema(), z.string().regex(/^[\t\x20-\x7e]*$/, { error: 'a header is printable ASCII' }))
    .optional()
    .describe('http, https: more headers of the request.'),
  expect: z
    .strictObject({
      status: z
        .union([statusSchema, z.array(z.union([integerBetween(100, 599), statusSchema])).min(1)], {
          error: 'expected statuses\nfor example "200-299" or [200, 204, "300-399"]',
        })
        .optional()
        .describe('The statuses that count as up: a range, or a list of statuses and ranges. By default 200-299.'),
      body: textSchema.optional().describe('Text that the body must contain.'),
    })
    .optional()
    .describe('http, https: what a good answer looks like.'),
  tls: z
    .strictObject({
      verify: switchSchema
        .optional()
        .describe('Whether the certificate must be valid for the name. On unless it is turned off.'),
      server_name: textSchema
        .optional()
        .describe('The name that is sent (SNI) and that the certificate must carry. By default `host`.'),
      ca_file: textSchema
        .optional()
        .describe("Certificates to trust, PEM, instead of the system's. Relative to this file."),
    })
    .optional()
    .describe('https: how the certificate is judged.'),
  send: textSchema.optional().describe('tcp: what is sent once connected.'),
  expect_text: textSchema.optional().describe('tcp: what the endpoint must say. By default connecting is enough.'),
  interval: durationBetween(100, 86_400_000)
    .prefault(printDuration(CHECK_DEFAULTS.intervalMs))
    .describe('Time from the start of one probe to the start of the next.'),
  timeout: durationBetween(10, 3_600_000)
    .optional()
    .describe('How long a probe may take as a whole; below the interval. By default half of it, at most 3s.'),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .prefault(CHECK_DEFAULTS.jitter)
    .describe('By how much of the interval a probe may start late, at random: 0 to 1.'),
  rise: integerBetween(1, 100)
    .prefault(CHECK_DEFAULTS.rise)
    .describe('How many good probes in a row bring an endpoint up.'),
  fall: integerBetween(1, 100)
    .prefault(CHECK_DEFAULTS.fall)
    .describe('How many bad probes in a row bring an endpoint down.'),
})

export const checksSchema: z.ZodType<Readonly<Record<string, CheckSettings>>> = z
  .record(nameSchema, checkSchema)
  .prefault({})
  .describe('What is probed, and how, by name. Services refer to checks by these names.')

function headerNameSchema(): z.ZodType<string> {
  return z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'not a header name' })
}
