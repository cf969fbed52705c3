import { z } from 'zod'
import { DURATION_PATTERN, printDuration, readDuration } from '../duration.ts'

/** The line after the first is the hint. */
const NOT_A_DURATION = 'expected a duration\nwrite a number with its unit: 500ms, 5s, 2m, 1h30m, 1d'

/** A duration within bounds, both in milliseconds and both allowed; its value is milliseconds. */
export function durationBetween(leastMs: number, mostMs: number): z.ZodType<number> {
  return z
    .string({ error: NOT_A_DURATION })
    .regex(DURATION_PATTERN, { error: NOT_A_DURATION })
    .transform((text, context) => {
      const durationMs = readDuration(text) ?? 0
      if (durationMs < leastMs) context.addIssue(`must be at least ${printDuration(leastMs)}`)
      if (durationMs > mostMs) context.addIssue(`must be at most ${printDuration(mostMs)}`)
      return durationMs
    })
}

/** A TTL: written like a duration, in whole seconds; its value is seconds. */
export const ttlSchema: z.ZodType<number> = durationBetween(1_000, 7 * 86_400_000).transform((durationMs, context) => {
  if (durationMs % 1_000 !== 0) context.addIssue('a TTL is a whole number of seconds')
  return durationMs / 1_000
})
