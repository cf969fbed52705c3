import { z } from 'zod'
import { durationBetween } from './duration.ts'
import { integerBetween, switchSchema, textSchema } from './name.ts'

/** How queries are taken in and answered, as the file says it; durations in milliseconds. */
export interface ServerSettings {
  /** Undefined: one less than there are processor cores, but one at least. */
  readonly udp_threads?: number | undefined
  readonly tcp: { readonly max_connections: number; readonly idle_timeout: number }
  readonly edns_payload: number
  readonly chaos: { readonly version?: string | undefined; readonly id?: string | undefined }
  readonly nsid?: string | undefined
  readonly ecs: boolean
  readonly resolvers: readonly string[]
}

/** A character-string of a TXT record (RFC 1035 3.3): at most 255 octets. */
const characterStringSchema = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e]*$/, { error: 'only printable ASCII' })
  .max(255)

export const serverSchema: z.ZodType<ServerSettings> = z
  .strictObject({
    udp_threads: integerBetween(1, 256)
      .optional()
      .describe('Threads that answer UDP queries. By default one less than there are processor cores.'),
    tcp: z
      .strictObject({
        max_connections: integerBetween(1, 1_000_000).prefault(1000).describe('Connections open at once.'),
        idle_timeout: durationBetween(100, 3_600_000)
          .prefault('10s')
          .describe('How long a connection may stay open without a query.'),
      })
      .prefault({})
      .describe('Queries over TCP.'),
    edns_payload: integerBetween(512, 4096)
      .prefault(1232)
      .describe('Most octets of a UDP response, whatever the client offers. 1232 avoids fragments.'),
    chaos: z
      .strictObject({
        version: characterStringSchema.optional().describe('Answers version.bind and version.server.'),
        id: characterStringSchema.optional().describe('Answers id.server and hostname.bind.'),
      })
      .prefault({})
      .describe('Answers to CH TXT questions; what is not given is refused.'),
    nsid: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('The name of this server that NSID (RFC 5001) tells those who ask for it.'),
    ecs: switchSchema
      .prefault(true)
      .describe('Whether the client subnet that resolvers send (RFC 7871) is used. When off, it is ignored.'),
    resolvers: z
      .array(textSchema)
      .prefault([])
      .describe(
        'Resolvers that are asked for the addresses of `alias` endpoints: ADDRESS or ADDRESS:PORT. By default those of the machine.',
      ),
  })
  .prefault({})
  .describe('How queries are taken in and answered.')
