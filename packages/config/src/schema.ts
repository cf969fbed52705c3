import { z } from 'zod'
import { type CheckSettings, checksSchema } from './schema/check.ts'
import { type GeoSettings, geoSchema } from './schema/geo.ts'
import { type HealthSettings, healthSchema } from './schema/health.ts'
import { nameSchema, textSchema } from './schema/name.ts'
import { type ServerSettings, serverSchema } from './schema/server.ts'
import { type ServiceSettings, servicesSchema } from './schema/service.ts'
import { type SiteSettings, siteSchema } from './schema/site.ts'
import { type ZoneSettings, zonesSchema } from './schema/zone.ts'

/**
 * What windrose.yaml says, after its shape was checked: defaults filled in, durations as numbers, names as texts.
 *
 * Whether the names refer to anything is not known yet; compile-configuration.ts finds that out.
 */
export interface Settings {
  readonly listen: readonly string[]
  readonly geo: GeoSettings
  readonly sites: Readonly<Record<string, SiteSettings>>
  readonly checks: Readonly<Record<string, CheckSettings>>
  readonly services: Readonly<Record<string, ServiceSettings>>
  readonly zones: Readonly<Record<string, ZoneSettings>>
  readonly health: HealthSettings
  readonly control: { readonly listen: string }
  readonly server: ServerSettings
  readonly state_dir?: string | undefined
  readonly log: { readonly level: LogLevel }
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** The shape of windrose.yaml. Every key has a description: they are the reference. */
export const configurationSchema: z.ZodType<Settings> = z.strictObject({
  listen: z
    .union([textSchema, z.array(textSchema).min(1)], {
      error: 'expected addresses\nfor example [127.0.0.1:5300, "[::1]:5300"]',
    })
    .prefault(['0.0.0.0:53', '[::]:53'])
    .transform((listen) => (typeof listen === 'string' ? [listen] : listen))
    .describe(
      'Where queries are taken, over UDP and TCP: ADDRESS:PORT, or a list of them. IPv6 in brackets and quotes.',
    ),
  geo: geoSchema,
  sites: z.record(nameSchema, siteSchema).prefault({}).describe('The data centres, by name.'),
  checks: checksSchema,
  services: servicesSchema,
  zones: zonesSchema,
  health: healthSchema,
  control: z
    .strictObject({
      listen: textSchema
        .prefault('127.0.0.1:8053')
        .describe('Where the control API and the metrics are served: ADDRESS:PORT on loopback.'),
    })
    .prefault({})
    .describe('The control API. Its token is a file in `state_dir`.'),
  server: serverSchema,
  state_dir: textSchema
    .optional()
    .describe(
      'Where state is kept over restarts. By default /var/lib/windrose for root, else windrose below $XDG_STATE_HOME.',
    ),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
        .prefault('info')
        .describe('The least severe lines that are written.'),
    })
    .prefault({})
    .describe('The log, JSON lines on standard error.'),
})
