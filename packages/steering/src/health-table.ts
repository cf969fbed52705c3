import type { RampStep } from './ramp.ts'

/**
 * All verdicts by endpoint index, as steering reads them: one 32-bit cell an endpoint and view.
 *
 *   bits 0-1   verdict: 0 unknown, 1 up, 2 down
 *   bit  2     drained: served only when nothing else is up
 *   bit  3     forced: an operator's override made the verdict; forced down is never served
 *   bit  4     degraded
 *   bit  5     stale: too few vantages report, the last verdict stands
 *   bits 6-7   ramp: 0 its whole weight, 1 a tenth, 2 a quarter, 3 half of it
 *   bits 8-31  stability: seconds before checks can change the verdict; all ones when they never can
 *
 * A verdict and the time it is good for travel in one word, so that combining endpoints is one minimum (the idea is
 * gdnsd's).
 */
export interface HealthTable {
  /** Row `view * endpoints + endpoint`; view 0 is the global one. May lie on shared memory. */
  readonly cells: Uint32Array
  readonly endpoints: number
  /** Epoch milliseconds at which time alone changes a cell (an override ends, a ramp goes on), by endpoint, over all views; Infinity if it does not. */
  readonly changesAt: Float64Array
  /** By endpoint: 1 where its pool failed lately and stays passed over, however well it is now. */
  readonly held: Uint8Array
  /** Round trip to an endpoint as a view has it, in microseconds, in the rows of `cells`; 0 where too little is known. */
  readonly roundTrips: Uint32Array
  /** Whose the views are, by their number less 1: the global one is nobody's. */
  readonly vantages: readonly string[]
}

export const Verdict = { unknown: 0, up: 1, down: 2 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

export const VERDICT_MASK = 0b11
export const DRAINED: number = 1 << 2
export const FORCED: number = 1 << 3
export const DEGRADED: number = 1 << 4
export const STALE: number = 1 << 5

export const RAMP_SHIFT = 6

/** Largest stability a cell can say; also the value for `never by checks`. */
export const STABILITY_MAX = 0xffffff

/** A cell's word. `stability` in seconds; larger values saturate, fractions round down (never promise too much). */
export function healthCell(verdict: Verdict, flags: number, stability: number): number {
  const seconds = Math.max(0, Math.min(STABILITY_MAX, Math.floor(stability)))
  return ((seconds << 8) | flags | verdict) >>> 0
}

/**
 * The cell of one endpoint as one view has it. A view that the table does not hold reads the global one (a client map may
 * be older or newer than the table by one swap); an endpoint that it does not hold is unknown and may change at once.
 */
export function cellAt(health: HealthTable, view: number, endpoint: number): number {
  if (endpoint >= health.endpoints) return Verdict.unknown
  return health.cells[view * health.endpoints + endpoint] ?? health.cells[endpoint] ?? Verdict.unknown
}

/** Microseconds; 0 where too little is known. A view that the table does not hold reads the global one. */
export function roundTripAt(health: HealthTable, view: number, endpoint: number): number {
  return health.roundTrips[view * health.endpoints + endpoint] ?? health.roundTrips[endpoint] ?? 0
}

export function cellVerdict(cell: number): Verdict {
  return (cell & VERDICT_MASK) as Verdict
}

export function cellRamp(cell: number): RampStep {
  return ((cell >>> RAMP_SHIFT) & 0b11) as RampStep
}

/** Seconds before checks can change the verdict; Infinity when they never can. */
export function cellStability(cell: number): number {
  const seconds = cell >>> 8
  return seconds === STABILITY_MAX ? Number.POSITIVE_INFINITY : seconds
}
