import { z } from 'zod'
import { nameSchema, textSchema } from './name.ts'

/** Where reports, verdicts and overrides are shared, as the file says it. */
export interface StoreSettings {
  readonly store: 'memory' | 'redis'
  readonly url?: string | undefined
  readonly sentinels?: readonly string[] | undefined
  readonly master?: string | undefined
  readonly sentinel_username?: string | undefined
  readonly sentinel_password_file?: string | undefined
  readonly cluster?: readonly string[] | undefined
  readonly namespace?: string | undefined
  readonly prefix?: string | undefined
  readonly username?: string | undefined
  readonly password_file?: string | undefined
  readonly tls?: StoreTlsSettings | undefined
}

export interface StoreTlsSettings {
  readonly ca_file?: string | undefined
  readonly cert_file?: string | undefined
  readonly key_file?: string | undefined
  readonly server_name?: string | undefined
}

/** The keys of `health` that speak of the store. */
export const storeKeys: { readonly [Key in keyof Required<StoreSettings>]: z.ZodType<StoreSettings[Key]> } = {
  store: z
    .enum(['memory', 'redis'])
    .prefault('memory')
    .describe(
      'Where reports and overrides are kept: memory (one server with its own agent) or redis (shared by servers and agents).',
    ),
  url: textSchema
    .optional()
    .describe('redis: where it is, redis://HOST:PORT/DB or, over TLS, rediss://. Or sentinels, or cluster.'),
  sentinels: z.array(textSchema).min(1).optional().describe('redis: HOST:PORT of the Sentinels; needs master.'),
  master: textSchema.optional().describe('redis: the name under which the Sentinels know the primary.'),
  sentinel_username: textSchema.optional().describe('redis: the ACL user of the Sentinels.'),
  sentinel_password_file: textSchema
    .optional()
    .describe('redis: a file that holds the password of the Sentinels and nothing else.'),
  cluster: z.array(textSchema).min(1).optional().describe('redis: HOST:PORT of some nodes of a Redis Cluster.'),
  namespace: nameSchema
    .optional()
    .describe(
      'redis: the name of this installation in the store, the same for its servers and agents. By default "default".',
    ),
  prefix: nameSchema.optional().describe('redis: what all keys begin with. By default "windrose".'),
  username: textSchema.optional().describe('redis: the ACL user.'),
  password_file: textSchema.optional().describe('redis: a file that holds the password and nothing else.'),
  tls: z
    .strictObject({
      ca_file: textSchema.optional().describe('A PEM file of the only authorities to trust.'),
      cert_file: textSchema.optional().describe('A PEM file with the certificate that is shown to the store.'),
      key_file: textSchema.optional().describe('A PEM file with the key of that certificate.'),
      server_name: textSchema.optional().describe("The name in the store's certificate, if it is not the host's."),
    })
    .optional()
    .describe('redis: TLS, and how. With a rediss:// URL it is on anyway.'),
}
