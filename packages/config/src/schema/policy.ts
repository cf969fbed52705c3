import { z } from 'zod'
import { durationBetween } from './duration.ts'
import { type GeoStepSettings, geoStepSchema } from './geo-step.ts'
import { integerBetween, nameSchema } from './name.ts'

/** One step of a policy, as the file says it. */
export type StepSettings = StepName | StepOptions

export type StepName = (typeof STEP_NAMES)[number]

/** Exactly one of these. */
export interface StepOptions {
  readonly geo?: GeoStepSettings<StepSettings> | undefined
  /** Tiers of sites, most preferred first, or that and more. */
  readonly failover?: FailoverSettings | undefined
  readonly nearest?: { readonly bias: Readonly<Record<string, number>> } | undefined
  readonly latency?: LatencySettings | undefined
}

export interface FailoverSettings {
  /** Undefined: the pools in the order of the file. */
  readonly tiers?: readonly TierSettings[] | undefined
  /** Milliseconds. */
  readonly hold_down: number
  readonly failback: 'auto' | 'manual'
  readonly trickle: number
}

/** A site, or sites that are equally preferred. */
export type TierSettings = string | readonly string[]

export interface LatencySettings {
  /** Milliseconds. */
  readonly tolerance: number
  readonly tolerance_percent: number
}

const STEP_NAMES = ['nearest', 'failover', 'latency', 'weighted', 'consistent', 'round_robin', 'all'] as const

const tierSchema: z.ZodType<TierSettings> = z.union([nameSchema, z.array(nameSchema).min(1)], {
  error: 'expected a site or a list of sites',
})

export const tiersSchema: z.ZodType<readonly TierSettings[]> = z.array(tierSchema).min(1)

const failoverSchema: z.ZodType<FailoverSettings> = z
  .union(
    [
      tiersSchema,
      z.strictObject({
        tiers: tiersSchema
          .optional()
          .describe('Sites in order, most preferred first; a list inside the list is one tier: [[fra, iad], sin].'),
        hold_down: durationBetween(0, 86_400_000)
          .prefault('0s')
          .describe('For how long a pool that failed stays passed over at least, also when it is well again.'),
        failback: z
          .enum(['auto', 'manual'])
          .prefault('auto')
          .describe('Whether a pool that failed serves again by itself, or only after `windrose failback`.'),
        trickle: z
          .number()
          .min(0)
          .max(0.5)
          .prefault(0)
          .describe('The share of answers that come from the next tier even while the first is well, 0 to 0.5.'),
      }),
    ],
    {
      error:
        'expected sites in order\nfor example [fra, iad], [[fra, iad], sin] or { tiers: [fra, iad], trickle: 0.05 }',
    },
  )
  .transform((failover) =>
    'length' in failover ? { tiers: failover, hold_down: 0, failback: 'auto' as const, trickle: 0 } : failover,
  )

const latencySchema: z.ZodType<LatencySettings> = z.strictObject({
  tolerance: durationBetween(0, 10_000)
    .prefault('10ms')
    .describe('How much slower than the best site another may be and still count as good.'),
  tolerance_percent: z
    .number()
    .min(0)
    .max(1000)
    .prefault(10)
    .describe('The same in percent of the best round trip; the larger of both holds.'),
})

/** An area may have steps of its own. */
const areaPolicySchema: z.ZodType<readonly StepSettings[]> = z.lazy(() => policySchema).meta({ id: 'area_policy' })

const stepOptionsSchema = z
  .strictObject({
    geo: geoStepSchema(tierSchema, areaPolicySchema).optional().describe('Pools by the area that the client is in.'),
    failover: failoverSchema.optional().describe('Sites in order, most preferred first.'),
    nearest: z
      .strictObject({
        bias: z
          .record(nameSchema, integerBetween(-99, 99))
          .prefault({})
          .describe(
            'By site, how much nearer (positive) or farther (negative) it shall seem: -99 to 99. 50 halves the distance, -50 doubles it.',
          ),
      })
      .optional()
      .describe('Pools by their distance from the client.'),
    latency: latencySchema.optional().describe("Pools by their round trip from the client's vantage."),
  })
  .refine((step) => Object.values(step).filter((options) => options !== undefined).length === 1, {
    error: 'a step has exactly one key\ngeo, failover, nearest or latency; several steps are a list',
  })
  .meta({ minProperties: 1, maxProperties: 1 })

const stepSchema: z.ZodType<StepSettings> = z.union([z.enum(STEP_NAMES), stepOptionsSchema], {
  error:
    'expected a step\nnearest, failover, latency, weighted, consistent, round_robin, all, { failover: [SITE, ...] } or { nearest: { bias: { SITE: 20 } } }',
})

/** A policy: one step, or the steps in their order. */
export const policySchema: z.ZodType<readonly StepSettings[]> = z
  .union([z.enum(STEP_NAMES), stepOptionsSchema, z.array(stepSchema).min(1)], {
    error:
      'expected a policy\nnearest, failover, latency, weighted, consistent, round_robin, all, a step such as { geo: ... }, or a list of steps',
  })
  .transform((policy) => (isList(policy) ? policy : [policy]))

function isList(policy: StepSettings | readonly StepSettings[]): policy is readonly StepSettings[] {
  return Array.isArray(policy)
}
