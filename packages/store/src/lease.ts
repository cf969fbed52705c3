/** An agent's sign of life. While it stands, what the agent says counts. */
export interface Lease {
  readonly agent: string
  readonly vantage: string
  readonly incarnation: number
  /** The last batch that the agent published, so that readers notice what they missed. */
  readonly sequence: number
  /** Grows with every renewal: a lease that is written again as it was is no sign of life. */
  readonly beat: number
  /** How long it stands, in milliseconds. */
  readonly ttlMs: number
  /** Its own control targets fail. */
  readonly isolated: boolean
  /** How many targets it probes. */
  readonly targets: number
  /** Of the program. */
  readonly version: string
}
