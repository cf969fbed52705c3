import { z } from 'zod'
import { integerBetween, nameSchema } from './name.ts'

/** One step of a policy, as the file says it. */
export type StepSettings = StepName | StepOptions

export type StepName = 'nearest' | 'failover' | 'weighted' | 'consistent'

export interface StepOptions {
  /** Tiers of sites, most preferred first. */
  readonly failover?: readonly (string | readonly string[])[] | undefined
  readonly nearest?: { readonly bias: Readonly<Record<string, number>> } | undefined
}

const STEP_NAMES = ['nearest', 'failover', 'weighted', 'consistent'] as const

const tierSchema: z.ZodType<string | readonly string[]> = z.union([nameSchema, z.array(nameSchema).min(1)], {
  error: 'expected a site or a list of sites',
})

const stepOptionsSchema = z
  .strictObject({
    failover: z
      .array(tierSchema)
      .min(1)
      .optional()
      .describe('Sites in order, most preferred first; a list inside the list is one tier: [[fra, iad], sin].'),
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
  })
  .refine((step) => (step.failover === undefined) !== (step.nearest === undefined), {
    error: 'a step has exactly one key\nfailover or nearest',
  })
  .meta({ minProperties: 1, maxProperties: 1 })

const stepSchema: z.ZodType<StepSettings> = z.union([z.enum(STEP_NAMES), stepOptionsSchema], {
  error:
    'expected a step\nnearest, failover, weighted, consistent, { failover: [SITE, ...] } or { nearest: { bias: { SITE: 20 } } }',
})

/** A policy: one step, or the steps in their order. */
export const policySchema: z.ZodType<readonly StepSettings[]> = z
  .union([z.enum(STEP_NAMES), z.array(stepSchema).min(1)], {
    error: 'expected a policy\nnearest, failover, weighted, consistent or a list of such steps',
  })
  .transform((policy) => (typeof policy === 'string' ? [policy] : policy))
