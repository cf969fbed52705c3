import type { LoadFigure } from './load-figure.ts'

/** How one probe ended. */
export interface ProbeResult {
  /**
   * `inconclusive` is the agent's own trouble (no free file descriptor, no readable CA file): it says nothing about the
   * target and never changes a verdict.
   */
  readonly outcome: 'success' | 'failure' | 'inconclusive'
  /** For people: `status 200`, `connection refused`. Free of figures that differ from probe to probe. */
  readonly reason: string
  /** The target works, but somebody should look: its certificate is about to expire. */
  readonly degraded: boolean
  /** From the start of the probe to its end. */
  readonly durationMs: number
  /** What a good answer said of the target's load, where the check looks for it. */
  readonly load?: LoadFigure
}
