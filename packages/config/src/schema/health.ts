import { z } from 'zod'

/** How verdicts are made, as the file says it. */
export interface HealthSettings {
  readonly store: 'memory'
}

const NOT_HERE = 'belongs to the redis store\nthis version has only "store: memory": one server with its own agent'

export const healthSchema: z.ZodType<HealthSettings> = z
  .strictObject({
    store: z
      .literal('memory', {
        error: 'expected memory\nthis version has only the memory store: one server with its own agent',
      })
      .prefault('memory')
      .describe('Where reports and overrides are kept.'),
    url: z.never({ error: NOT_HERE }).optional(),
    namespace: z.never({ error: NOT_HERE }).optional(),
    vantages: z.never({ error: NOT_HERE }).optional(),
    quorum: z.never({ error: NOT_HERE }).optional(),
  })
  .transform(({ store }) => ({ store }))
  .prefault({})
  .describe('How reports become verdicts.')
