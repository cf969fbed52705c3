import { CHECK_DEFAULTS, type Check, DNS_CHECK_QTYPES, type DnsCheckQtype } from '@windrose/health'
import { z } from 'zod'
import { printDuration } from '../duration.ts'
import {
  type ExpectSettings,
  expectSchema,
  headerNameSchema,
  type StatusSettings,
  statusesSchema,
} from './check-expect.ts'
import { type TlsSettings, tlsSchema } from './check-tls.ts'
import { durationBetween } from './duration.ts'
import { hexSchema } from './hex.ts'
import { integerBetween, nameSchema, switchSchema, textSchema } from './name.ts'
import { numeralSchema } from './numeral.ts'

/** What is probed and how, as the file says it; durations in milliseconds. Which keys go with which type is not known yet. */
export interface CheckSettings {
  readonly type: Check['type']
  readonly port?: number | undefined
  readonly version?: '1.1' | '2' | undefined
  readonly path?: string | undefined
  readonly host?: string | undefined
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly auth?: AuthSettings | undefined
  readonly redirects?: number | undefined
  readonly expect?: ExpectSettings | undefined
  readonly tls?: boolean | TlsSettings | undefined
  readonly send?: string | undefined
  readonly send_hex?: string | undefined
  readonly expect_text?: string | undefined
  readonly expect_hex?: string | undefined
  readonly expect_matches?: string | undefined
  readonly proxy_protocol?: 'v1' | 'v2' | undefined
  readonly transport?: 'udp' | 'tcp' | undefined
  readonly qname?: string | undefined
  readonly qtype?: DnsCheckQtype | undefined
  readonly recursion_desired?: boolean | undefined
  readonly service?: string | undefined
  readonly user?: string | undefined
  readonly password_file?: string | undefined
  readonly must_not_exist?: string | undefined
  readonly database?: string | undefined
  readonly command?: readonly string[] | undefined
  readonly env?: readonly string[] | undefined
  readonly ttl?: number | undefined
  readonly interval?: number | undefined
  readonly timeout?: number | undefined
  readonly jitter?: number | undefined
  readonly rise?: number | undefined
  readonly fall?: number | undefined
  readonly tolerant?: number | undefined
  readonly initial_delay?: number | undefined
  readonly fast_interval?: number | undefined
  readonly max_concurrent?: number | undefined
  readonly max_rate?: number | undefined
  readonly source_address?: string | undefined
  readonly degraded_when?:
    | { readonly slower_than?: number | undefined; readonly status?: StatusSettings | undefined }
    | undefined
}

export interface AuthSettings {
  readonly user?: string | undefined
  readonly password_file?: string | undefined
  readonly token_file?: string | undefined
}

const CHECK_TYPES = [
  'http',
  'https',
  'tcp',
  'tls',
  'dns',
  'grpc',
  'icmp',
  'redis',
  'postgres',
  'mysql',
  'command',
  'push',
] as const satisfies readonly Check['type'][]

const headersSchema = z.record(
  headerNameSchema,
  z.string().regex(/^[\t\x20-\x7e]*$/, { error: 'a header is printable ASCII' }),
)

const qnameSchema = z.string().regex(/^(?=.{1,254}$)(\.|([!-\-/-[\]-~]{1,63}\.)*[!-\-/-[\]-~]{1,63}\.?)$/, {
  error: 'not a domain name\nlabels of up to 63 printable ASCII characters, without escapes',
})

export const checkSchema: z.ZodType<CheckSettings> = z.strictObject({
  type: z.enum(CHECK_TYPES).describe('How the endpoint is asked; docs/checks.md has a section for each.'),
  port: integerBetween(1, 65_535)
    .optional()
    .describe('The port that is connected to. By default that of the type; tcp and grpc need one.'),
  version: numeralSchema(['1.1', '2']).optional().describe('http, https: the version of HTTP. By default 1.1.'),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, { error: 'a path starts with "/" and holds no spaces' })
    .optional()
    .describe('http, https: the path, with its query. By default "/".'),
  host: textSchema
    .optional()
    .describe("http, https, grpc: the Host header, and the name sent in TLS. By default the endpoint's address."),
  method: z
    .string()
    .regex(/^(?!CONNECT$)[A-Z][A-Z-]*$/, {
      error: 'not a method\nin capitals, such as GET or POST; CONNECT is not sent',
    })
    .optional()
    .describe('http, https: the method. By default GET.'),
  headers: headersSchema.optional().describe('http, https: more headers of the request. grpc: metadata of the call.'),
  body: textSchema.optional().describe('http, https: the body of the request.'),
  auth: z
    .strictObject({
      user: textSchema.optional().describe('The user of basic authentication; with `password_file`.'),
      password_file: textSchema.optional().describe('A file with the password alone. Relative to this file.'),
      token_file: textSchema.optional().describe('A file with a bearer token alone. Relative to this file.'),
    })
    .optional()
    .describe('http, https: who the agent says it is: user and password_file, or token_file.'),
  redirects: integerBetween(0, 10)
    .optional()
    .describe("http, https: how many redirects are followed, on the endpoint's own address. By default none."),
  expect: expectSchema.optional(),
  tls: tlsSchema.optional(),
  send: textSchema.optional().describe('tcp: what is sent once connected.'),
  send_hex: hexSchema.optional().describe('tcp: the same as hexadecimal digits.'),
  expect_text: textSchema.optional().describe('tcp: what the endpoint must say. By default connecting is enough.'),
  expect_hex: hexSchema.optional().describe('tcp: the same as hexadecimal digits.'),
  expect_matches: textSchema.optional().describe('tcp: a regular expression that what the endpoint says must match.'),
  proxy_protocol: z
    .enum(['v1', 'v2'])
    .optional()
    .describe('tcp: a header of the PROXY protocol goes first, as for a health check of a proxy.'),
  transport: z.enum(['udp', 'tcp']).optional().describe('dns: what the question goes over. By default udp.'),
  qname: qnameSchema.optional().describe('dns: the name that is asked for.'),
  qtype: z.enum(DNS_CHECK_QTYPES).optional().describe('dns: the type that is asked for. By default A.'),
  recursion_desired: switchSchema.optional().describe('dns: the RD flag of the question. By default off.'),
  service: textSchema.optional().describe('grpc: the service that is asked for. By default the server as a whole.'),
  user: textSchema
    .optional()
    .describe('redis: the user of `password_file`, by default none. postgres: the user, by default windrose.'),
  password_file: textSchema.optional().describe('redis: a file with the password alone. Relative to this file.'),
  must_not_exist: textSchema.optional().describe('redis: a key that marks maintenance: while it exists, probes fail.'),
  database: textSchema.optional().describe('postgres: the database. By default the one named like the user.'),
  command: z
    .array(textSchema)
    .min(1)
    .optional()
    .describe('command: the program and its arguments, as a list. No shell reads them.'),
  env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'not the name of an environment variable' }))
    .optional()
    .describe("command: the agent's environment variables that the program may see. By default none."),
  ttl: durationBetween(1_000, 7 * 86_400_000)
    .optional()
    .describe('push: how long a push holds; without another one in that time the endpoint is down.'),
  interval: durationBetween(100, 86_400_000)
    .optional()
    .describe(
      `Time from the start of one probe to the start of the next. By default ${printDuration(CHECK_DEFAULTS.intervalMs)}.`,
    ),
  timeout: durationBetween(10, 3_600_000)
    .optional()
    .describe('How long a probe may take as a whole; below the interval. By default half of it, at most 3s.'),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      `By how much of the interval a probe may start late, at random: 0 to 1. By default ${CHECK_DEFAULTS.jitter}.`,
    ),
  rise: integerBetween(1, 100)
    .optional()
    .describe(`How many good probes in a row bring an endpoint up. By default ${CHECK_DEFAULTS.rise}.`),
  fall: integerBetween(1, 100)
    .optional()
    .describe(`How many bad probes in a row bring an endpoint down. By default ${CHECK_DEFAULTS.fall}.`),
  tolerant: integerBetween(1, 100)
    .optional()
    .describe('Bad probes add up, and only so many good ones in a row clear them. By default one good probe does.'),
  initial_delay: durationBetween(0, 3_600_000)
    .optional()
    .describe('How long the first probe waits. By default not at all.'),
  fast_interval: durationBetween(100, 86_400_000)
    .optional()
    .describe('The interval while a verdict is about to change; below `interval`. By default the same.'),
  max_concurrent: integerBetween(1, 100_000)
    .optional()
    .describe('Probes of this check at the same time, in one agent. By default as many as the agent runs at all.'),
  max_rate: z
    .number()
    .min(0.01)
    .max(100_000)
    .optional()
    .describe('Probes of this check a second, in one agent. By default all that are due.'),
  source_address: textSchema
    .optional()
    .describe("The agent's own address that probes come from. By default the system chooses."),
  degraded_when: z
    .strictObject({
      slower_than: durationBetween(1, 3_600_000).optional().describe('A good probe that took longer is degraded.'),
      status: statusesSchema.optional().describe('http, https: statuses that are good, but degraded.'),
    })
    .optional()
    .describe('When a good probe is degraded: it works, but somebody should look.'),
})

export const checksSchema: z.ZodType<Readonly<Record<string, CheckSettings>>> = z
  .record(nameSchema, checkSchema)
  .prefault({})
  .describe('What is probed, and how, by name. Services refer to checks by these names.')
