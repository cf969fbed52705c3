import type { Place } from '@windrose/dns'

/** What is wrong with a text, and where. */
export interface VscfFault {
  readonly place: Place
  readonly message: string
}

/** Thrown and caught inside the reader alone: every fault ends the reading of the whole file, as in gdnsd. */
export class VscfError extends Error {
  readonly fault: VscfFault

  constructor(fault: VscfFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** A cursor over the text of one file of gdnsd's configuration language. */
export class VscfCursor {
  readonly file: string
  readonly #text: string
  #position = 0
  #line = 1
  #lineStart = 0

  constructor(file: string, text: string) {
    this.file = file
    this.#text = text
    if (text.startsWith('\ufeff')) this.#position = this.#lineStart = 1
  }

  get place(): Place {
    return { file: this.file, line: this.#line, column: this.#position - this.#lineStart + 1 }
  }

  /** The next character that is no blank and in no comment; empty at the end. Comments begin with `#` or `;`. */
  peek(): string {
    for (;;) {
      const character = this.#text[this.#position] ?? ''
      if (character === '#' || character === ';') this.#skipComment()
      else if (BLANK.has(character)) this.#advance()
      else return character
    }
  }

  /** Whether the text goes on exactly so at the cursor; nothing is skipped. */
  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#position)
  }

  /** Passes over so many characters. */
  take(count: number): void {
    for (let i = 0; i < count; i++) this.#advance()
  }

  /** Passes over a character that must come next. */
  expect(character: string, what: string): void {
    if (this.peek() !== character) this.fail(`${this.#found()} where ${what} is expected`)
    this.#advance()
  }

  /** Passes over a character if it comes next. */
  takeIf(character: string): boolean {
    if (this.peek() !== character) return false
    this.#advance()
    return true
  }

  /** A key, a value or a path: quoted or not, with escapes resolved (RFC 1035: `\X`, `\DDD`). */
  readText(what: string): string {
    const first = this.peek()
    if (first === '"') return this.#readQuoted()
    if (first === '' || first === '$' || (first !== '\\' && NOT_PLAIN.has(first)))
      this.fail(`${this.#found()} where ${what} is expected`)
    const octets: number[] = []
    for (;;) {
      const character = this.#text[this.#position] ?? ''
      if (character === '' || BLANK.has(character) || (character !== '\\' && NOT_PLAIN.has(character))) break
      this.#readCharacter(octets)
    }
    return textOf(octets)
  }

  fail(message: string, place: Place = this.place): never {
    throw new VscfError({ place, message })
  }

  #readQuoted(): string {
    const start = this.place
    this.#advance()
    const octets: number[] = []
    for (;;) {
      const character = this.#text[this.#position] ?? ''
      if (character === '') this.fail('this quote is not closed', start)
      if (character === '"') break
      this.#readCharacter(octets)
    }
    this.#advance()
    return textOf(octets)
  }

  #readCharacter(octets: number[]): void {
    const start = this.place
    const isEscape = this.#text[this.#position] === '\\'
    if (isEscape) this.#advance()
    const character = String.fromCodePoint(this.#text.codePointAt(this.#position) ?? 0)
    if (this.#position >= this.#text.length) this.fail('the text ends in an escape', start)
    if (isEscape && character >= '0' && character <= '9') {
      const digits = this.#text.slice(this.#position, this.#position + 3)
      if (!/^[0-9]{3}$/.test(digits) || Number(digits) > 255) this.fail(`\\${digits} is no octet`, start)
      octets.push(Number(digits))
      this.take(3)
      return
    }
    octets.push(...UTF_8_OUT.encode(character))
    this.take(character.length)
  }

  #skipComment(): void {
    while (this.#position < this.#text.length && this.#text[this.#position] !== '\n') this.#position++
  }

  #advance(): void {
    if (this.#text[this.#position] === '\n') {
      this.#line++
      this.#lineStart = this.#position + 1
    }
    this.#position++
  }

  #found(): string {
    const character = this.peek()
    return character === '' ? 'the file ends' : `there is "${character}"`
  }
}

const BLANK: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n'])
/** What an unquoted text cannot hold without an escape. */
const NOT_PLAIN: ReadonlySet<string> = new Set([']', '[', '}', '{', ';', '#', ',', '"', '=', '\\'])

function textOf(octets: readonly number[]): string {
  return UTF_8_IN.decode(Uint8Array.from(octets))
}

const UTF_8_OUT = new TextEncoder()
const UTF_8_IN = new TextDecoder('utf-8')
