/** Weights as windrose takes them: whole numbers up to 65,535 in the same proportions, or as near as may be. */
export function fitWeights(weights: readonly number[]): {
  readonly weights: readonly number[]
  readonly isExact: boolean
} {
  const most = Math.max(0, ...weights)
  if (most <= WEIGHT_MAX && weights.every(Number.isInteger)) return { weights, isExact: true }
  const divisor = weights.every(Number.isInteger) ? weights.reduce(greatestDivisor, 0) : 1
  const reduced = weights.map((weight) => weight / divisor)
  if (most / divisor <= WEIGHT_MAX && reduced.every(Number.isInteger)) return { weights: reduced, isExact: true }
  const scale = WEIGHT_MAX / most
  return {
    weights: weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round(weight * scale)))),
    isExact: false,
  }
}

/** The most that an endpoint can weigh. */
export const WEIGHT_MAX = 65_535

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
