import type { AgentPresence, Report } from '@windrose/health'
import { AgentTable } from './agent-table.ts'
import type { Lease } from './lease.ts'
import type { ReportRecord } from './records/report-record.ts'
import { targetKey } from './records/target-key.ts'

/** All that agents say, as one server has it: the mirror of a store that verdicts are made from. */
export class ReportBook {
  readonly #agents = new Map<string, KnownAgent>()

  /** The agents that a lease was ever seen of, by name; those without a lease now are not alive. */
  get agents(): ReadonlyMap<string, KnownAgent> {
    return this.#agents
  }

  /** The latest report of every agent on a target. */
  reports(target: string): readonly Report[] {
    const key = targetKey(target)
    const reports: Report[] = []
    for (const { agent, vantage, table } of this.#agents.values()) {
      const report = table?.report(key, agent, vantage, target)
      if (report !== undefined) reports.push(report)
    }
    return reports
  }

  /** Notes a lease, or that there is none any more. True where this changes who has a vote. */
  setLease(agent: string, lease: Lease | undefined, timeMs: number): boolean {
    const known = this.#agents.get(agent)
    if (lease === undefined) {
      if (known === undefined || !known.alive) return false
      this.#agents.set(agent, { ...known, alive: false, since: timeMs })
      return true
    }
    const { vantage, incarnation, isolated, targets, version } = lease
    const isSame =
      known?.alive === true &&
      known.vantage === vantage &&
      known.incarnation === incarnation &&
      known.isolated === isolated
    this.#agents.set(agent, {
      agent,
      vantage,
      incarnation,
      isolated,
      targets,
      version,
      alive: true,
      since: isSame ? known.since : timeMs,
      heardAt: timeMs,
      table: known?.table,
    })
    return !isSame
  }

  /** Puts all that an agent says in the place of what it said. */
  setTable(agent: string, whole: ReportRecord): AgentTable {
    const table = new AgentTable(whole)
    const known = this.#agents.get(agent)
    this.#agents.set(agent, { ...(known ?? strangerOf(agent, whole.incarnation)), table })
    return table
  }

  forget(agent: string): void {
    this.#agents.delete(agent)
  }
}

export interface KnownAgent extends AgentPresence {
  readonly targets: number
  readonly version: string
  /** Epoch milliseconds by this server's clock: since when it is alive, isolated, or gone, as it is now. */
  readonly since: number
  /** When its lease was last seen. */
  readonly heardAt: number
  readonly table: AgentTable | undefined
}

/** An agent whose reports were seen before any lease. */
function strangerOf(agent: string, incarnation: number): KnownAgent {
  return {
    agent,
    vantage: '',
    incarnation,
    isolated: false,
    alive: false,
    targets: 0,
    version: '',
    since: 0,
    heardAt: 0,
    table: undefined,
  }
}
