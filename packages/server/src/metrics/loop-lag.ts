import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the main thread's event loop was, at most, in the last ten to twenty seconds. */
export interface LoopLag {
  readonly maxSeconds: () => number
  readonly stop: () => void
}

export function watchLoopLag(): LoopLag {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  let last = 0
  const timer = setInterval(() => {
    last = histogram.max
    histogram.reset()
  }, WINDOW_MS).unref()
  return {
    // The histogram holds the time between two looks, and that is the resolution when nothing is late.
    maxSeconds: () => Math.max(0, Math.max(last, histogram.max) / 1e9 - RESOLUTION_MS / 1000),
    stop: () => {
      clearInterval(timer)
      histogram.disable()
    },
  }
}

const RESOLUTION_MS = 20
const WINDOW_MS = 10_000
