/** Preloaded into a process: its wall clock is CLOCK_AHEAD_MS ahead of everybody's, or behind. */
const { now } = Date
const aheadMs = Number(process.env.CLOCK_AHEAD_MS)
globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(now() + aheadMs)
    else super(...args)
  }

  static now() {
    return now() + aheadMs
  }
}
