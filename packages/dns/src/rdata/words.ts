import type { Name } from '../name.ts'

/** One word of a master file as it is written: escapes are still in it, the quotes around it are not. */
export interface Word {
  readonly text: string
  readonly quoted: boolean
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** What is wrong with a word. */
export interface WordProblem {
  readonly word: Word
  readonly message: string
  readonly hint?: string
}

/**
 * A cursor over the words of one record that remembers the first problem: after it, every `next` gives undefined.
 */
export class Words {
  /** What names without a final dot are relative to. */
  readonly origin: Name
  problem: WordProblem | undefined
  /** What looks like a slip but can be read. */
  readonly warnings: WordProblem[] = []
  readonly #words: readonly Word[]
  #position: number

  constructor(words: readonly Word[], position: number, origin: Name) {
    this.#words = words
    this.#position = position
    this.origin = origin
  }

  get atEnd(): boolean {
    return this.problem !== undefined || this.#position >= this.#words.length
  }

  /** The next word without taking it. */
  peek(): Word | undefined {
    return this.problem === undefined ? this.#words[this.#position] : undefined
  }

  /** The next word; a missing one is a problem that says what was expected. */
  next(expected: string): Word | undefined {
    if (this.problem !== undefined) return undefined
    const word = this.#words[this.#position]
    if (word !== undefined) {
      this.#position++
      return word
    }
    const last = this.#words[this.#words.length - 1]!
    this.refuse(last, `the record ends after '${last.text}', but ${expected} is expected`)
    return undefined
  }

  warn(word: Word, message: string, hint: string): void {
    this.warnings.push({ word, message, hint })
  }

  /** Notes a problem with a word, unless there is one already. */
  refuse(word: Word, message: string, hint?: string): void {
    this.problem ??= hint === undefined ? { word, message } : { word, message, hint }
  }
}
