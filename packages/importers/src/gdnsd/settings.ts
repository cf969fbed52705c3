import { type Draft, note } from '../draft.ts'
import { quoteVscf, type VscfEntry, type VscfHash } from './vscf-value.ts'

/**
 * The keys of one hash, taken one by one: what is left at the end is not known and is listed. Values that are not what the
 * key wants are listed too, and count as not there.
 */
export class Settings {
  readonly #draft: Draft
  readonly #rest: Map<string, VscfEntry>

  constructor(draft: Draft, hash: VscfHash) {
    this.#draft = draft
    this.#rest = new Map(hash.entries)
  }

  take(key: string): VscfEntry | undefined {
    const entry = this.#rest.get(key)
    this.#rest.delete(key)
    return entry
  }

  text(key: string): string | undefined {
    const entry = this.take(key)
    if (entry === undefined) return undefined
    if (entry.value.kind === 'text') return entry.value.text
    return this.#refuse(entry, 'a text is expected')
  }

  integer(key: string, [least, most]: readonly [number, number]): number | undefined {
    const entry = this.take(key)
    if (entry === undefined) return undefined
    const text = entry.value.kind === 'text' ? entry.value.text : ''
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    return this.#refuse(entry, `a whole number from ${least} to ${most} is expected`)
  }

  /** A share above 0 and up to 1. */
  share(key: string): number | undefined {
    const entry = this.take(key)
    if (entry === undefined) return undefined
    const text = entry.value.kind === 'text' ? entry.value.text : ''
    const value = /^\d*\.?\d+(e-?\d{1,2})?$/i.test(text) ? Number(text) : Number.NaN
    if (value > 0 && value <= 1) return value
    return this.#refuse(entry, 'a number above 0 and up to 1 is expected')
  }

  boolean(key: string): boolean | undefined {
    const entry = this.take(key)
    if (entry === undefined) return undefined
    const text = entry.value.kind === 'text' ? entry.value.text.toLowerCase() : ''
    if (text === 'true' || text === 'false') return text === 'true'
    return this.#refuse(entry, 'true or false is expected')
  }

  /** What was not taken, in the order of the file. */
  rest(): readonly VscfEntry[] {
    return [...this.#rest.values()]
  }

  /** Lists what was not taken. */
  refuseRest(what: string): void {
    for (const entry of this.#rest.values()) {
      note(this.#draft, 'left out', entry.place, {
        source: quoteEntry(entry),
        why: `this is no key of ${what}`,
        instead: 'see whether it is a slip; gdnsd would refuse it too',
      })
    }
  }

  #refuse(entry: VscfEntry, why: string): undefined {
    note(this.#draft, 'unreadable', entry.place, {
      source: quoteEntry(entry),
      why,
      instead: 'mend it in the source, or set it by hand',
    })
  }
}

/** Lists an entry that nothing in the configuration stands for. */
export function leaveOut(draft: Draft, entry: VscfEntry, why: string, instead: string): void {
  note(draft, 'left out', entry.place, { source: quoteEntry(entry), why, instead })
}

/** `up_thresh => 20`. */
export function quoteEntry({ key, value }: VscfEntry): string {
  return `${key} => ${quoteVscf(value)}`
}
