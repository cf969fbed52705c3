import { z } from 'zod'
import { integerBetween, switchSchema, textSchema } from './name.ts'
import { numeralSchema } from './numeral.ts'

/** How a TLS connection is made, as the file says it. */
export interface TlsSettings {
  readonly verify?: boolean | undefined
  readonly server_name?: string | undefined
  readonly ca_file?: string | undefined
  readonly cert_file?: string | undefined
  readonly key_file?: string | undefined
  readonly min_version?: '1.2' | '1.3' | undefined
  readonly max_version?: '1.2' | '1.3' | undefined
  readonly min_days_left?: number | undefined
}

export const tlsSchema: z.ZodType<boolean | TlsSettings> = z
  .union(
    [
      switchSchema,
      z.strictObject({
        verify: switchSchema
          .optional()
          .describe('Whether the certificate must be valid for the name. On unless it is turned off.'),
        server_name: textSchema
          .optional()
          .describe('The name that is sent (SNI) and that the certificate must carry. By default `host`.'),
        ca_file: textSchema
          .optional()
          .describe("Certificates to trust, PEM, instead of the system's. Relative to this file."),
        cert_file: textSchema
          .optional()
          .describe(
            'The certificate that the agent shows, PEM, with those up to its authority. Relative to this file.',
          ),
        key_file: textSchema.optional().describe('The key of `cert_file`, PEM. Relative to this file.'),
        min_version: numeralSchema(['1.2', '1.3']).optional().describe('The lowest TLS version. By default 1.2.'),
        max_version: numeralSchema(['1.2', '1.3']).optional().describe('The highest TLS version. By default 1.3.'),
        min_days_left: integerBetween(0, 3650)
          .optional()
          .describe('With fewer days until the certificate expires the endpoint is degraded. By default 14; 0 never.'),
      }),
    ],
    { error: 'expected on, off, or a mapping of its options' },
  )
  .describe('https, tls, tcp, dns, grpc, redis, postgres: that TLS is spoken, and how the certificate is judged.')
