import type { Decision, Variant } from '@windrose/steering'

/** The variant that a draw of 0 to 2^32-1 falls on; undefined when the decision has none. */
export function drawVariant(decision: Decision, draw: number): Variant | undefined {
  let rest = (draw >>> 0) / 2 ** 32
  for (const variant of decision.variants) {
    rest -= variant.share
    if (rest < 0) return variant
  }
  return decision.variants.at(-1)
}
