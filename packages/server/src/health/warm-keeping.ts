import type { Logger } from '../log.ts'
import type { HealthLoop } from './health-loop.ts'
import { writeWarmState } from './warm-state.ts'

/** Writes what the loop knows to disk, some seconds after it changed and when the server stops. Gives what ends it. */
export function keepWarm(file: string, health: HealthLoop, log: Logger): () => void {
  let written: { state: unknown; overrides: unknown } = { state: health.state, overrides: health.overrides }
  let isTold = false
  const write = () => {
    const { state, overrides } = health
    if (state === written.state && overrides === written.overrides) return
    try {
      writeWarmState(file, { state, overrides, writtenAt: Date.now() })
      written = { state, overrides }
      isTold = false
    } catch (error) {
      if (!isTold) log.error({ component: 'health', file, err: error }, `cannot keep the verdicts in ${file}`)
      isTold = true
    }
  }
  const timer = setInterval(write, WRITE_MS).unref()
  return () => {
    clearInterval(timer)
    write()
  }
}

const WRITE_MS = 5000
