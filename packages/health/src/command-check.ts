import type { CheckCommon } from './every-check.ts'

/** A program of the agent's machine that says by its exit code how the target is, as a Nagios plugin does. */
export interface CommandCheck extends CheckCommon {
  readonly type: 'command'
  /** Told to the program as WINDROSE_PORT; left out, that is not set. */
  readonly port?: number
  /** The program and its arguments: no shell reads them. */
  readonly argv: readonly [program: string, ...args: string[]]
  /** Names of the agent's environment variables that the program may see. */
  readonly env: readonly string[]
}
