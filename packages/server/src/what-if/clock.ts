/** What time it is, for whoever is not to ask by himself. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Seconds from some moment on; only differences mean anything. */
  readonly seconds: () => number
}

export const CLOCK: Clock = { now: Date.now, seconds: () => performance.now() / 1000 }
