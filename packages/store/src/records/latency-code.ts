/**
 * A latency in one octet: 0 is none, else a tenth of a millisecond times the 13th root of 2 to the power of code - 1. That
 * is within 3 %, up to 76 s; more saturates.
 */
export function encodeLatency(milliseconds: number | undefined): number {
  if (milliseconds === undefined) return 0
  return Math.max(1, Math.min(255, 1 + Math.round(Math.log2(Math.max(milliseconds, LEAST_MS) / LEAST_MS) * STEPS)))
}

/** Milliseconds, to four digits: fewer would not be within 3 % any more. */
export function decodeLatency(code: number): number | undefined {
  return LATENCIES[code]
}

const LEAST_MS = 0.1
const STEPS = 13
const LATENCIES: readonly (number | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  code === 0 ? undefined : Number((LEAST_MS * 2 ** ((code - 1) / STEPS)).toPrecision(4)),
)
