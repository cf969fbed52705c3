import type { Report } from '@windrose/health'
import { cellKey, findCell, hasLoad, type ReportRecord, readCell, readLoadCell } from './records/report-record.ts'
import { loadKey } from './records/target-key.ts'

/**
 * The latest reports of one agent, as its records say them: all that it said once, and the changes since.
 *
 * They stay in their octets and are read when somebody asks: fifty agents with ten thousand targets each would otherwise
 * be half a million objects at every resynchronisation.
 */
export class AgentTable {
  readonly #whole: ReportRecord
  readonly #changes = new Map<number, Cell>()
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

  /** Whether reading all of it anew would be shorter than what is kept beside it. */
  get isLong(): boolean {
    return this.#changes.size > CHANGES_MIN + this.#whole.count / 2
  }

  /** Takes a batch in; gives the keys that it speaks of. The caller has looked at incarnation and sequence. */
  apply(record: ReportRecord): number[] {
    this.#sequence = record.sequence
    return Array.from({ length: record.count }, (_, cell) => {
      const key = cellKey(record, cell)
      this.#changes.set(key, { record, cell })
      return key
    })
  }

  /** What the agent last said on a target; `key` is of the target's id. */
  report(key: number, agent: string, vantage: string, target: string): Report | undefined {
    const found = this.#find(key)
    if (found === undefined) return undefined
    const { record, cell } = found
    const { incarnation, sequence, at } = record
    const report = readCell(record, cell, { agent, vantage, target, incarnation, sequence, at })
    if (report === undefined || !hasLoad(record, cell)) return report
    const load = this.#find(loadKey(target))
    return load === undefined ? report : { ...report, load: readLoadCell(load.record, load.cell) }
  }

  #find(key: number): Cell | undefined {
    const change = this.#changes.get(key)
    if (change !== undefined) return change
    const cell = findCell(this.#whole, key)
    return cell < 0 ? undefined : { record: this.#whole, cell }
  }

  /** Every key that the agent has ever spoken of in this table. */
  keys(): Set<number> {
    const keys = new Set(this.#changes.keys())
    for (let cell = 0; cell < this.#whole.count; cell++) keys.add(cellKey(this.#whole, cell))
    return keys
  }
}

const CHANGES_MIN = 100

/** Where a change lies. */
interface Cell {
  readonly record: ReportRecord
  readonly cell: number
}
