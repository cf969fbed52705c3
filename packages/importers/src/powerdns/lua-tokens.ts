import type { LuaFault } from './lua-syntax.ts'

export interface LuaToken {
  readonly kind: 'name' | 'keyword' | 'string' | 'number' | 'symbol' | 'end'
  readonly at: number
  /** Of a string what it stands for. */
  readonly text: string
}

/** Splits Lua into tokens (Lua 5.3 manual, section 3.1). */
export function readTokens(text: string): LuaToken[] | LuaFault {
  const tokens: LuaToken[] = []
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at)
    const blank = /^(?:\s+|--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*)/.exec(rest)
    if (blank !== null) {
      at += blank[0].length
      continue
    }
    const token = readToken(rest, at)
    if ('message' in token) return token
    tokens.push(token.token)
    at += token.length
  }
  tokens.push({ kind: 'end', at: text.length, text: '' })
  return tokens
}

type Read = { readonly token: LuaToken; readonly length: number } | LuaFault

function readToken(rest: string, at: number): Read {
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)?.[0]
  if (name !== undefined) {
    return { token: { kind: KEYWORDS.has(name) ? 'keyword' : 'name', at, text: name }, length: name.length }
  }
  const number = /^(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/.exec(rest)?.[0]
  if (number !== undefined) return { token: { kind: 'number', at, text: number }, length: number.length }
  const long = /^\[(=*)\[\r?\n?([\s\S]*?)\]\1\]/.exec(rest)
  if (long !== null) return { token: { kind: 'string', at, text: long[2]! }, length: long[0].length }
  if (rest[0] === '"' || rest[0] === "'") return readQuoted(rest, at)
  const symbol = SYMBOLS.find((one) => rest.startsWith(one))
  if (symbol !== undefined) return { token: { kind: 'symbol', at, text: symbol }, length: symbol.length }
  return { at, message: `"${String.fromCodePoint(rest.codePointAt(0)!)}" is no Lua` }
}

function readQuoted(rest: string, at: number): Read {
  const quote = rest[0]!
  let text = ''
  for (let i = 1; i < rest.length; ) {
    const character = rest[i]!
    if (character === quote) return { token: { kind: 'string', at, text }, length: i + 1 }
    if (character === '\n') break
    if (character !== '\\') {
      text += character
      i++
      continue
    }
    const escaped = /^\\(?:(\d{1,3})|x([0-9a-fA-F]{2})|z\s*|([\s\S]))/.exec(rest.slice(i))
    if (escaped === null) break
    if (escaped[1] !== undefined) text += String.fromCharCode(Number(escaped[1]) & 0xff)
    else if (escaped[2] !== undefined) text += String.fromCharCode(Number.parseInt(escaped[2], 16))
    else if (escaped[3] !== undefined) text += ESCAPES.get(escaped[3]) ?? escaped[3]
    i += escaped[0].length
  }
  return { at, message: 'this string is not closed' }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
])

const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
)

/** The longest first. */
const SYMBOLS: readonly string[] = [
  '...',
  '..',
  '==',
  '~=',
  '<=',
  '>=',
  '//',
  '::',
  '<<',
  '>>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '#',
  '&',
  '~',
  '|',
  '<',
  '>',
  '=',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ';',
  ':',
  ',',
  '.',
]
