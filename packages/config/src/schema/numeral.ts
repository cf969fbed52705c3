import { z } from 'zod'

/** One of these texts. YAML reads 1.2 as a number: that is understood as well. */
export function numeralSchema<const Words extends readonly string[]>(words: Words): z.ZodType<Words[number]> {
  return z
    .union([z.enum(words), ...words.map((word) => z.literal(Number(word)))], {
      error: `expected ${words.join(' or ')}`,
    })
    .transform((value) => words.find((word) => Number(word) === Number(value)) ?? words[0]!) as z.ZodType<Words[number]>
}
