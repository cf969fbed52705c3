import type { Word } from '../rdata/words.ts'

/** One entry of a master file: a record or a directive, on one line or on several within parentheses. */
export interface Entry {
  /** Never empty. */
  readonly words: readonly Word[]
  /** The line begins with a blank, so the owner is the last one. */
  readonly isIndented: boolean
  /** What keeps the entry from being read at all. */
  readonly fault: Fault | undefined
}

/** A mistake in how words are written. */
export interface Fault {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint?: string
}

/**
 * A cursor that splits a master file into entries (RFC 1035 section 5.1): words between blanks, strings in quotes,
 * comments from `;` on, and parentheses that let an entry run over several lines. Escapes stay as they are written.
 */
export class EntryReader {
  readonly #text: string
  #position = 0
  #line = 1
  #lineStart = 0
  #words: Word[] = []
  #fault: Fault | undefined
  #open: { line: number; column: number; lineEnd: number } | undefined
  /** Offset of the first line of the entry that `next` gave last. */
  start = 0
  /** Offset behind its last line. */
  end = 0

  constructor(text: string) {
    this.#text = text
    // A byte order mark belongs to the encoding, not to the file.
    if (text.startsWith('\ufeff')) this.#position = this.#lineStart = 1
  }

  /** The next entry, or undefined at the end of the file. Empty lines are passed over. */
  next(): Entry | undefined {
    while (this.#position < this.#text.length) {
      const isIndented = isBlank(this.#text[this.#position]!)
      this.#words = []
      this.#fault = undefined
      this.start = this.#position
      this.#readEntry()
      this.end = this.#position
      if (this.#words.length > 0 || this.#fault !== undefined) {
        return { words: this.#words, isIndented, fault: this.#fault }
      }
    }
    return undefined
  }

  #readEntry(): void {
    while (this.#position < this.#text.length) {
      const character = this.#text[this.#position]!
      if (character === '\n') {
        this.#endLine()
        if (this.#open === undefined) return
      } else if (character === ';') this.#skipLine()
      else if (character === '(') {
        if (this.#open !== undefined) {
          this.#giveUpParenthesis(`before another one opens in line ${this.#line}`)
          return
        }
        this.#open = { ...this.#here(), lineEnd: this.#lineEnd() }
        this.#position++
      } else if (character === ')') {
        if (this.#open === undefined) this.#blame(this.#here(), 'this parenthesis was never opened')
        this.#open = undefined
        this.#position++
      } else if (isBlank(character)) this.#position++
      else this.#readWord()
    }
    if (this.#open !== undefined) this.#giveUpParenthesis('before the end of the file')
  }

  /** Reads a word, a quoted string, or a word with a quoted string after its last `=`. */
  #readWord(): void {
    const place = this.#here()
    if (this.#text[this.#position] === '"') {
      const text = this.#readQuoted()
      if (text !== undefined) this.#words.push({ text, quoted: true, ...place })
      return
    }
    const start = this.#position
    this.#skipWord()
    let text = this.#text.slice(start, this.#position)
    if (this.#text[this.#position] === '"') {
      if (!text.endsWith('=')) {
        this.#blame(this.#here(), 'a quote in the middle of a word', 'write \\" for the character itself')
        this.#skipLine()
        return
      }
      const value = this.#readQuoted()
      if (value === undefined) return
      text += value
    }
    this.#words.push({ text, quoted: false, ...place })
  }

  #skipWord(): void {
    while (this.#position < this.#text.length) {
      const character = this.#text[this.#position]!
      if (character === '\\' && this.#position + 1 < this.#text.length && this.#text[this.#position + 1] !== '\n') {
        this.#position += 2
      } else if (ENDS_WORD.has(character)) return
      else this.#position++
    }
  }

  /** What stands between two quotes; undefined and a fault when the second is not on the line. */
  #readQuoted(): string | undefined {
    const place = this.#here()
    const start = ++this.#position
    while (this.#position < this.#text.length && this.#text[this.#position] !== '\n') {
      if (this.#text[this.#position] === '"') return this.#text.slice(start, this.#position++)
      this.#position += this.#text[this.#position] === '\\' && this.#text[this.#position + 1] !== '\n' ? 2 : 1
    }
    this.#position = Math.min(this.#position, this.#text.length)
    this.#blame(place, 'this quote is not closed on its line')
    return undefined
  }

  /**
   * An open parenthesis swallows what follows. Reading goes on at the first line after it that is not indented, which
   * is most likely the next record, so that its mistakes are found as well.
   */
  #giveUpParenthesis(when: string): void {
    const open = this.#open!
    this.#open = undefined
    this.#fault = undefined
    this.#blame(open, `this parenthesis is not closed ${when}`)
    this.#position = open.lineEnd
    this.#line = open.line
    while (this.#position < this.#text.length) {
      this.#endLine()
      if (!CONTINUES.has(this.#text[this.#position] ?? '')) return
      this.#skipLine()
    }
  }

  #blame(place: { line: number; column: number }, message: string, hint?: string): void {
    this.#fault ??= { line: place.line, column: place.column, message, ...(hint === undefined ? {} : { hint }) }
  }

  #here(): { line: number; column: number } {
    return { line: this.#line, column: this.#position - this.#lineStart + 1 }
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#position)
    return end < 0 ? this.#text.length : end
  }

  #skipLine(): void {
    this.#position = this.#lineEnd()
  }

  /** Passes over the line feed. */
  #endLine(): void {
    this.#position++
    this.#line++
    this.#lineStart = this.#position
  }
}

const ENDS_WORD: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n', ';', '(', ')', '"'])
/** What a line begins with that does not begin a record of its own. */
const CONTINUES: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n', ';', ')'])

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r'
}
