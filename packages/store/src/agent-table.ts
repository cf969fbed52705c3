import { cellKey, findCell, type ReportRecord, readCell } from './records/report-record.ts'
import type { TargetReport } from './report-batch.ts'

/**
 * The latest reports of one agent, as its records say them.
 *
 * What it said as a whole stays in its octets and is read when somebody asks: fifty agents with ten thousand targets
 * each would otherwise be half a million objects at every resynchronisation. Changes lie above it.
 */
export class AgentTable {
  readonly #whole: ReportRecord
  readonly #changes = new Map<number, HeldReport | undefined>()
  #sequence: number

  constructor(whole: ReportRecord) {
    this.#whole = whole
    this.#sequence = whole.sequence
  }

  get incarnation(): number {
    return this.#whole.incarnation
  }

  /** Of the last batch that is in it. */
  get sequence(): number {
    return this.#sequence
  }

  /** Takes a batch in; gives the keys that it speaks of. The caller has looked at incarnation and sequence. */
  apply(record: ReportRecord): number[] {
    this.#sequence = record.sequence
    return Array.from({ length: record.count }, (_, cell) => {
      const key = cellKey(record, cell)
      const said = readCell(record, cell)
      this.#changes.set(key, said === undefined ? undefined : { ...said, sequence: record.sequence, at: record.at })
      return key
    })
  }

  /** What the agent last said on a target. */
  get(key: number): HeldReport | undefined {
    if (this.#changes.has(key)) return this.#changes.get(key)
    const cell = findCell(this.#whole, key)
    if (cell < 0) return undefined
    const said = readCell(this.#whole, cell)
    return said === undefined ? undefined : { ...said, sequence: this.#whole.sequence, at: this.#whole.at }
  }

  /** Every key that the agent has ever spoken of in this table. */
  keys(): Set<number> {
    const keys = new Set(this.#changes.keys())
    for (let cell = 0; cell < this.#whole.count; cell++) keys.add(cellKey(this.#whole, cell))
    return keys
  }
}

export interface HeldReport extends Omit<TargetReport, 'target'> {
  readonly sequence: number
  readonly at: number
}
