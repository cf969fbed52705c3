/** What every check has, whatever it asks. */
export interface CheckCommon {
  /** The check's name in the configuration; not part of what is probed. */
  readonly name: string
  /** From one start to the next. */
  readonly intervalMs: number
  /** For the whole probe: name look-up, connection, handshake and answer together. Below the interval. */
  readonly timeoutMs: number
  /** Successes in a row that bring a target up. */
  readonly rise: number
  /** Failures that take a target down: in a row, unless `tolerant` is there. */
  readonly fall: number
  /** Share of the interval, 0 to 1, by which a start may come late at random. */
  readonly jitter: number
  /**
   * When there, failures of an `up` target add up, and only this many successes in a row clear them: a target that fails
   * every second probe then goes down in the end (the idea is gdnsd's). 1 is the same as leaving it out.
   */
  readonly tolerant?: number
  /** How long after the agent's start, or after the check came, the first probe waits; left out, not at all. */
  readonly initialDelayMs?: number
  /** The interval while a verdict is in transition; below the interval. Left out, the interval is always the same. */
  readonly fastIntervalMs?: number
  /** The agent's own address that probes come from; left out, the machine chooses. */
  readonly sourceAddress?: string
  /** A success that took longer than this is degraded. */
  readonly slowerThanMs?: number
  /** Probes of this check under way at the same time in one agent; left out, as many as the agent runs at all. */
  readonly maxConcurrent?: number
  /** Probes of this check that one agent begins in a second; left out, all that are due. */
  readonly maxRate?: number
}

/** A check that talks to a port. */
export interface PortCheck extends CheckCommon {
  /** 1 to 65535. */
  readonly port: number
}
