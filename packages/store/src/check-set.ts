import type { ProbeTarget } from '@windrose/health'

/** What the agents of a namespace are to probe, as one server's configuration has it. */
export interface CheckSet {
  /** Of the configuration that it comes from, or of another that wants the same. */
  readonly revision: string
  readonly targets: readonly ProbeTarget[]
  /** `address:port`: an agent that cannot connect to most of these has lost its own network. */
  readonly controlTargets: readonly string[]
}
