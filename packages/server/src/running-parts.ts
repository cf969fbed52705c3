import type { Agent, PushAgent } from '@windrose/agent'
import type { Store } from '@windrose/store'
import type { AliasResolver } from './alias/alias-resolver.ts'
import type { Answering } from './answering.ts'
import type { CapacityLoop } from './capacity/capacity-loop.ts'
import type { HealthLoop } from './health/health-loop.ts'
import type { Refusals } from './health/refusals.ts'
import type { TransitionLog } from './health/transition-log.ts'
import type { PoolHolds } from './holds/pool-holds.ts'
import type { Logger } from './log.ts'
import type { LoopLag } from './metrics/loop-lag.ts'
import type { Readiness } from './readiness.ts'
import type { Reloader } from './reload.ts'
import type { RoundTrips } from './round-trips/round-trips.ts'
import type { ServerKey } from './state/server-key.ts'
import type { WhatIfRunner } from './what-if/what-if-task.ts'

/** The parts of a running server, as the control API and the metrics look at them. */
export interface RunningParts {
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly stateDir: string
  readonly readiness: Readiness
  readonly reloader: Reloader
  readonly aliases: AliasResolver
  readonly capacity: CapacityLoop
  readonly holds: PoolHolds
  readonly roundTrips: RoundTrips
  readonly health: HealthLoop
  readonly transitions: TransitionLog
  readonly store: Store
  /** This server's name among those that share the store. */
  readonly server: string
  /** What it signs with; undefined where it shares no store. */
  readonly key: ServerKey | undefined
  readonly refusals: Refusals
  readonly log: Logger
  readonly loopLag: LoopLag
  /** Answers what would be, off the threads that answer clients. */
  readonly whatIf: WhatIfRunner
  /** `127.0.0.1:8053` */
  readonly controlAddress: () => string
  /** Undefined until the embedded agent runs. */
  readonly agent: () => Agent | undefined
  /** Takes pushes in; undefined until it runs. */
  readonly pushes: () => PushAgent | undefined
  /** Undefined until queries are answered. */
  readonly answering: () => Answering | undefined
}
