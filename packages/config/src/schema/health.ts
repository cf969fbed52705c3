import { z } from 'zod'
import { durationBetween } from './duration.ts'
import { integerBetween, nameSchema, switchSchema, textSchema } from './name.ts'
import { coordinatesSchema } from './site.ts'
import { type StoreSettings, storeKeys } from './store.ts'

/** How verdicts are made, as the file says it; durations in milliseconds. */
export interface HealthSettings extends StoreSettings {
  readonly vantages: Readonly<Record<string, VantageSettings>>
  readonly views?: 'off' | 'areas' | 'nearest' | undefined
  readonly quorum: {
    readonly min_agents: number
    readonly min_vantages?: number | undefined
    readonly share: number
  }
  readonly max_eject: 'off' | { readonly pool: number; readonly vantage: number }
  readonly damping: 'off' | DampingSettings
  readonly hold_down: number
  readonly ramp: 'off' | { readonly step: number }
  readonly require_signed: boolean
  readonly trusted_keys: Readonly<Record<string, string>>
  readonly control_targets: readonly string[]
}

export interface VantageSettings {
  /** Latitude and longitude in degrees. */
  readonly at?: readonly [number, number] | undefined
  /** Country codes and names of continents. */
  readonly areas: readonly string[]
}

export interface DampingSettings {
  readonly half_life: number
  readonly suppress: number
  readonly reuse: number
  readonly max: number
}

const shareSchema = z.number().gt(0, { error: 'must be more than 0' }).max(1)

const vantageSchema: z.ZodType<VantageSettings> = z.strictObject({
  at: coordinatesSchema.optional().describe('Where its agents are: [latitude, longitude], for `views: nearest`.'),
  areas: z
    .array(textSchema)
    .prefault([])
    .describe('Whose view it is: country codes (US) and names of continents (north-america).'),
})

const EJECT_DEFAULTS = { pool: 0.5, vantage: 0.3 }
const ejectSchema = z
  .union(
    [
      z.literal('off'),
      shareSchema,
      z.strictObject({
        pool: shareSchema.prefault(EJECT_DEFAULTS.pool).describe('Of the endpoints of a pool.'),
        vantage: shareSchema.prefault(EJECT_DEFAULTS.vantage).describe('Of all targets that a vantage sees.'),
      }),
    ],
    { error: 'expected a share\na number above 0 up to 1, { pool: 0.5, vantage: 0.3 }, or off' },
  )
  .prefault(EJECT_DEFAULTS.pool)
  .transform((share) => (typeof share === 'number' ? { ...EJECT_DEFAULTS, pool: share } : share))

const pointsSchema = integerBetween(1, 100_000)
const dampingSchema = z
  .union(
    [
      switchSchema,
      z.strictObject({
        half_life: durationBetween(1000, 3_600_000).prefault('2m').describe('How long a penalty takes to halve.'),
        suppress: pointsSchema
          .prefault(2500)
          .describe('The penalty from which on an endpoint is kept down; one failure is 1000.'),
        reuse: pointsSchema.prefault(1000).describe('The penalty below which it may come up again.'),
        max: durationBetween(1000, 86_400_000)
          .prefault('15m')
          .describe('How long it is kept down at most after its latest failure.'),
      }),
    ],
    { error: 'expected damping\non, off, or { half_life: 2m, suppress: 2500, reuse: 1000, max: 15m }' },
  )
  .prefault(true)
  .transform((damping): HealthSettings['damping'] => {
    if (typeof damping !== 'boolean') return damping
    return damping ? { half_life: 120_000, suppress: 2500, reuse: 1000, max: 900_000 } : 'off'
  })

const rampSchema = z
  .union(
    [
      switchSchema,
      z.strictObject({
        step: durationBetween(1000, 3_600_000)
          .prefault('30s')
          .describe('The least time between two steps; with a longer TTL it is the TTL.'),
      }),
    ],
    { error: 'expected a ramp\non, off, or { step: 30s }' },
  )
  .prefault(false)
  .transform((ramp): HealthSettings['ramp'] => {
    if (typeof ramp !== 'boolean') return ramp
    return ramp ? { step: 30_000 } : 'off'
  })

/** Every key has a default or may be left out; the types of the store's keys do not say so. */
const NOTHING_SAID = {} as { [Key in keyof StoreSettings]-?: unknown }

export const healthSchema: z.ZodType<HealthSettings> = z
  .strictObject({
    ...storeKeys,
    vantages: z
      .record(nameSchema, vantageSchema)
      .prefault({})
      .describe('The vantages that have a vote, by name. Without any, every vantage has that an agent speaks for.'),
    views: z
      .enum(['off', 'areas', 'nearest'])
      .optional()
      .describe(
        'Whose verdicts steer a client: the global ones (off), those of the vantage that has its area (areas), or else of the nearest vantage (nearest). By default areas where a vantage has areas or an override names one, else off.',
      ),
    quorum: z
      .strictObject({
        min_agents: integerBetween(1, 1000)
          .prefault(1)
          .describe('How many agents of a vantage must speak for it to have a verdict.'),
        min_vantages: integerBetween(1, 1000)
          .optional()
          .describe(
            'How many vantages must have a verdict for the global one to move; with fewer the last one stands. By default more than half of the configured ones.',
          ),
        share: z
          .number()
          .min(0)
          .lt(1, { error: 'must be less than 1\nwith 0.5, more than half of them must say down' })
          .prefault(0.5)
          .describe('Down needs more than this share of the vantages that have a verdict.'),
      })
      .prefault({})
      .describe('How many must speak, and how many must agree.'),
    max_eject: ejectSchema.describe(
      'When more than this share of a pool turns down at once, somebody else must confirm it. A number, { pool, vantage } or off.',
    ),
    damping: dampingSchema.describe('Whether endpoints that flap are kept down for a while: on, off, or its numbers.'),
    hold_down: durationBetween(0, 86_400_000)
      .prefault('0s')
      .describe('How long an endpoint stays down at least after a failure.'),
    ramp: rampSchema.describe(
      'Whether an endpoint that comes back begins with a tenth of its weight: on, off, or { step }.',
    ),
    require_signed: switchSchema.prefault(false).describe('Whether reports must be signed with a trusted key.'),
    trusted_keys: z
      .record(nameSchema, textSchema)
      .prefault({})
      .describe(
        'The public keys of agents, and of servers that take pushes in, by name: Ed25519, 32 octets in base64.',
      ),
    control_targets: z
      .array(textSchema)
      .prefault([])
      .describe('ADDRESS:PORT that agents try to see whether their own network works.'),
  })
  .prefault(NOTHING_SAID)
  .describe('How reports become verdicts.')
