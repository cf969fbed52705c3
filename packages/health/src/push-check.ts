import type { CheckCommon } from './every-check.ts'

/** A target that speaks for itself, and must do so again within `ttlMs`. Nothing is probed. */
export interface PushCheck extends CheckCommon {
  readonly type: 'push'
  readonly ttlMs: number
}

/**
 * The parts of a push check that other checks are asked for. Pushes come when they come: without an interval no TTL
 * promises that the next one agrees, and each decides at once.
 */
export const PUSH_TIMING: Pick<PushCheck, 'intervalMs' | 'timeoutMs' | 'rise' | 'fall' | 'jitter'> = {
  intervalMs: 0,
  timeoutMs: 0,
  rise: 1,
  fall: 1,
  jitter: 0,
}
