import type { Agent } from '@windrose/agent'
import type { Store } from '@windrose/store'
import type { Answering } from './answering.ts'
import type { HealthLoop } from './health/health-loop.ts'
import type { TransitionLog } from './health/transition-log.ts'
import type { Logger } from './log.ts'
import type { LoopLag } from './metrics/loop-lag.ts'
import type { Readiness } from './readiness.ts'
import type { Reloader } from './reload.ts'

/** The parts of a running server, as the control API and the metrics look at them. */
export interface RunningParts {
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly stateDir: string
  readonly readiness: Readiness
  readonly reloader: Reloader
  readonly health: HealthLoop
  readonly transitions: TransitionLog
  readonly store: Store
  readonly log: Logger
  readonly loopLag: LoopLag
  /** `127.0.0.1:8053` */
  readonly controlAddress: () => string
  /** Undefined until the embedded agent runs. */
  readonly agent: () => Agent | undefined
  /** Undefined until queries are answered. */
  readonly answering: () => Answering | undefined
}

/** The embedded agent's name, and the place it speaks for. */
export const EMBEDDED_AGENT = 'embedded'
export const EMBEDDED_VANTAGE = 'local'
