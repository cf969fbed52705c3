import type { SocketAddress } from '@windrose/config'
import type { ReloadOutcome, ReloadTrigger } from './reload.ts'

/** A server from its start to its end. */
export interface RunningServer {
  /**
   * Resolves when queries are answered, or when the server was stopped before; rejects with a ListenError when they
   * cannot be.
   */
  readonly ready: Promise<void>
  /** Where queries are answered; empty before `ready`. */
  addresses(): readonly SocketAddress[]
  /** Where the control API listens: `127.0.0.1:8053`. */
  readonly control: string
  readonly stateDir: string
  /** What happened is in the log and the status, too. */
  reload(trigger: ReloadTrigger): Promise<ReloadOutcome>
  /** Answers what is in hand and lets go of everything. */
  stop(): Promise<void>
}
