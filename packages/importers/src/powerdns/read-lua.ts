import type { LuaExpression, LuaFault, LuaField, LuaStatement } from './lua-syntax.ts'
import { type LuaToken, readTokens } from './lua-tokens.ts'

/**
 * Reads a LUA record's code: an expression, which is returned, or after a `;` statements. Never throws.
 *
 * Of Lua it knows what answers are chosen with: tables, texts, numbers, calls by name, `and`, `or`, `not`, `==`, `~=`,
 * assignments, `if` and `return`. Anything else is a fault with its place.
 */
export function readLua(text: string): LuaStatement[] | LuaFault {
  return readCode(text, text.trimStart().startsWith(';'))
}

/** The statements of a record that others include: with or without the `;`. */
export function readLuaBlock(text: string): LuaStatement[] | LuaFault {
  return readCode(text, true)
}

function readCode(text: string, isBlock: boolean): LuaStatement[] | LuaFault {
  const tokens = readTokens(text)
  if ('message' in tokens) return tokens
  try {
    const parser = new LuaParser(tokens)
    return isBlock ? parser.readChunk() : parser.readSole()
  } catch (error) {
    if (error instanceof LuaError) return error.fault
    throw error
  }
}

/** Thrown and caught inside the reader alone. */
class LuaError extends Error {
  readonly fault: LuaFault

  constructor(fault: LuaFault) {
    super(fault.message)
    this.fault = fault
  }
}

class LuaParser {
  readonly #tokens: readonly LuaToken[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly LuaToken[]) {
    this.#tokens = tokens
  }

  /** One expression and nothing after it. */
  readSole(): LuaStatement[] {
    const { at } = this.#peek()
    const value = this.#readExpression()
    this.#takeIf(';')
    if (this.#peek().kind !== 'end') this.#refuse()
    return [{ kind: 'return', at, value }]
  }

  readChunk(): LuaStatement[] {
    const block = this.#readBlock()
    if (this.#peek().kind !== 'end') this.#refuse()
    return block
  }

  #readBlock(): LuaStatement[] {
    this.#enter()
    const statements: LuaStatement[] = []
    for (;;) {
      if (this.#takeIf(';')) continue
      const token = this.#peek()
      if (token.kind === 'end' || (token.kind === 'keyword' && ENDS_BLOCK.has(token.text))) break
      statements.push(this.#readStatement(token))
    }
    this.#depth--
    return statements
  }

  #readStatement(token: LuaToken): LuaStatement {
    const { at } = token
    if (this.#takeIf('return')) {
      const isEmpty = this.#peek().kind === 'end' || ENDS_RETURN.has(this.#peek().text)
      return { kind: 'return', at, value: isEmpty ? undefined : this.#readExpression() }
    }
    if (this.#takeIf('if')) return this.#readIf(at)
    const isLocal = this.#takeIf('local')
    const name = this.#peek()
    if (name.kind !== 'name') this.#refuse()
    if (this.#tokens[this.#next + 1]?.text === '=' && this.#tokens[this.#next + 1]?.kind === 'symbol') {
      this.#next += 2
      return { kind: 'assign', at, name: name.text, value: this.#readExpression() }
    }
    if (isLocal) this.#refuse()
    const call = this.#readExpression()
    if (call.kind !== 'call') throw new LuaError({ at, message: 'this is no statement' })
    return { kind: 'call', at, call }
  }

  #readIf(at: number): LuaStatement {
    const branches: { condition: LuaExpression; block: LuaStatement[] }[] = []
    do {
      const condition = this.#readExpression()
      this.#expect('then')
      branches.push({ condition, block: this.#readBlock() })
    } while (this.#takeIf('elseif'))
    const otherwise = this.#takeIf('else') ? this.#readBlock() : undefined
    this.#expect('end')
    return { kind: 'if', at, branches, otherwise }
  }

  #readExpression(): LuaExpression {
    this.#enter()
    let left = this.#readAnd()
    for (let { at } = this.#peek(); this.#takeIf('or'); { at } = this.#peek()) {
      left = { kind: 'binary', at, operator: 'or', left, right: this.#readAnd() }
    }
    this.#depth--
    return left
  }

  #readAnd(): LuaExpression {
    let left = this.#readComparison()
    for (let { at } = this.#peek(); this.#takeIf('and'); { at } = this.#peek()) {
      left = { kind: 'binary', at, operator: 'and', left, right: this.#readComparison() }
    }
    return left
  }

  #readComparison(): LuaExpression {
    const left = this.#readUnary()
    const { at } = this.#peek()
    const operator = this.#takeIf('==') ? '==' : this.#takeIf('~=') ? '~=' : undefined
    return operator === undefined ? left : { kind: 'binary', at, operator, left, right: this.#readUnary() }
  }

  #readUnary(): LuaExpression {
    const { at } = this.#peek()
    if (!this.#takeIf('not')) return this.#readPrimary()
    this.#enter()
    const operand = this.#readUnary()
    this.#depth--
    return { kind: 'not', at, operand }
  }

  #readPrimary(): LuaExpression {
    const token = this.#peek()
    const { at, text } = token
    if (token.kind === 'string') {
      this.#next++
      return { kind: 'string', at, text }
    }
    if (token.kind === 'number') {
      this.#next++
      return { kind: 'number', at, value: Number(text) }
    }
    if (token.kind === 'keyword' && CONSTANTS.has(text)) {
      this.#next++
      return { kind: 'constant', at, value: CONSTANTS.get(text) }
    }
    if (this.#takeIf('{')) return this.#readTable(at)
    if (this.#takeIf('(')) {
      const inner = this.#readExpression()
      this.#expect(')')
      return inner
    }
    if (token.kind !== 'name') this.#refuse()
    this.#next++
    return this.#readSuffix({ kind: 'name', at, name: text })
  }

  /** A call's arguments in parentheses, or one text or table without them. */
  #readSuffix(name: LuaExpression & { readonly kind: 'name' }): LuaExpression {
    const { at } = name
    const next = this.#peek()
    let call: LuaExpression = name
    if (this.#takeIf('(')) call = { kind: 'call', at, name: name.name, arguments: this.#readArguments() }
    else if (next.kind === 'string' || (next.kind === 'symbol' && next.text === '{')) {
      call = { kind: 'call', at, name: name.name, arguments: [this.#readPrimary()] }
    }
    const after = this.#peek()
    if (after.kind === 'symbol' && BEYOND.has(after.text)) {
      throw new LuaError({ at: after.at, message: `"${after.text}" here is beyond what is read of Lua` })
    }
    return call
  }

  #readArguments(): LuaExpression[] {
    const list: LuaExpression[] = []
    if (this.#takeIf(')')) return list
    do list.push(this.#readExpression())
    while (this.#takeIf(','))
    this.#expect(')')
    return list
  }

  #readTable(at: number): LuaExpression {
    const fields: LuaField[] = []
    while (!this.#takeIf('}')) {
      fields.push(this.#readField())
      if (!this.#takeIf(',') && !this.#takeIf(';') && this.#peek().text !== '}') this.#refuse()
    }
    return { kind: 'table', at, fields }
  }

  #readField(): LuaField {
    const token = this.#peek()
    if (this.#takeIf('[')) {
      const key = this.#readExpression()
      this.#expect(']')
      this.#expect('=')
      return { key, value: this.#readExpression() }
    }
    const after = this.#tokens[this.#next + 1]
    if (token.kind === 'name' && after?.kind === 'symbol' && after.text === '=') {
      this.#next += 2
      return { key: { kind: 'string', at: token.at, text: token.text }, value: this.#readExpression() }
    }
    return { key: undefined, value: this.#readExpression() }
  }

  #peek(): LuaToken {
    return this.#tokens[this.#next]!
  }

  /** Passes over a keyword or symbol if it comes next. */
  #takeIf(text: string): boolean {
    const token = this.#peek()
    if (token.text !== text || (token.kind !== 'keyword' && token.kind !== 'symbol')) return false
    this.#next++
    return true
  }

  #expect(text: string): void {
    if (!this.#takeIf(text)) this.#refuse(text)
  }

  #enter(): void {
    this.#depth++
    if (this.#depth > DEPTH_MAX)
      throw new LuaError({ at: this.#peek().at, message: 'too many levels inside each other' })
  }

  #refuse(expected?: string): never {
    const { kind, text, at } = this.#peek()
    const found = kind === 'end' ? 'the code ends' : `"${text}"`
    if (expected !== undefined) throw new LuaError({ at, message: `${found} where "${expected}" is expected` })
    throw new LuaError({
      at,
      message: kind === 'end' ? 'the code ends too early' : `${found} here is beyond what is read of Lua`,
    })
  }
}

const DEPTH_MAX = 60
const ENDS_BLOCK: ReadonlySet<string> = new Set(['end', 'else', 'elseif', 'until'])
const ENDS_RETURN: ReadonlySet<string> = new Set(['end', 'else', 'elseif', ';'])
const BEYOND: ReadonlySet<string> = new Set(['.', ':', '[', '..', '+', '-', '*', '/', '%', '<', '>', '<=', '>=', '('])
const CONSTANTS: ReadonlyMap<string, boolean | undefined> = new Map([
  ['true', true],
  ['false', false],
  ['nil', undefined],
])
