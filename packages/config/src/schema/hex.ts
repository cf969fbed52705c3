import { z } from 'zod'

/** Octets as pairs of hexadecimal digits, blanks between them allowed; its value is the digits alone, in lower case. */
export const hexSchema: z.ZodType<string> = z
  .string()
  .regex(/^\s*([0-9A-Fa-f]{2}\s*)+$/, {
    error: 'expected octets as pairs of hexadecimal digits\nfor example "0d0a" or "0d 0a"',
  })
  .transform((text) => text.replace(/\s+/g, '').toLowerCase())
