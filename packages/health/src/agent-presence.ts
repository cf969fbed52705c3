/** What is known of an agent beside its reports. */
export interface AgentPresence {
  /** The agent's name, unique over all vantages. */
  readonly agent: string
  /** The place it speaks for. */
  readonly vantage: string
  readonly incarnation: number
  /** Its own control targets fail, so it has lost its network: it has no vote. */
  readonly isolated: boolean
  /** Its lease stands. Without one nothing that it said counts. */
  readonly alive: boolean
}
