import { z } from 'zod'

/** The name of a site, check or service: a key that other parts of the file refer to. */
export const nameSchema: z.ZodType<string> = z
  .string()
  .max(63, { error: 'a name has at most 63 characters' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
    error: 'not a name\na name is made of letters, digits, "_", "-" and ".", and starts with a letter or digit',
  })

/** Some text that must not be empty. */
export const textSchema: z.ZodType<string> = z.string().min(1, { error: 'must not be empty' })

/** A whole number within bounds, both allowed. */
export function integerBetween(least: number, most: number): z.ZodType<number> {
  return z.int().min(least).max(most)
}

/** On or off. YAML 1.2 reads `on` as a word and `true` as a truth value: both are understood. */
export const switchSchema: z.ZodType<boolean> = z
  .union([z.boolean(), z.enum(['on', 'off'])], { error: 'expected on or off' })
  .transform((value) => value === true || value === 'on')
