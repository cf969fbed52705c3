import type { Place, Word } from '@windrose/dns'

/** The Lua text of a record, each of its characters with its place in the master file. */
export interface LuaSource {
  readonly text: string
  /** The place of a character; behind the last one that of the last. */
  readonly placeAt: (offset: number) => Place
}

/**
 * The strings of a LUA record as one text, with escapes resolved (RFC 1035 section 5.1).
 *
 * Strings follow one another directly when the one before is full (255 octets: code that was split for a transfer);
 * otherwise there is a blank between two words.
 */
export function luaSource(file: string, words: readonly Word[]): LuaSource {
  let text = ''
  const places: Place[] = []
  let lastLength = 0
  for (const { text: written, quoted, line, column } of words) {
    const first = column + (quoted ? 1 : 0)
    if (text !== '' && lastLength < STRING_MAX && /\w$/.test(text) && /^\w/.test(written)) {
      text += ' '
      places.push({ file, line, column })
    }
    const start = text.length
    for (let at = 0; at < written.length; ) {
      const escaped = /^\\(?:([0-9]{3})|(.?))/s.exec(written.slice(at, at + 4))
      const character = escaped === null ? written[at]! : resolveEscape(escaped)
      for (const _ of character) places.push({ file, line, column: first + at })
      text += character
      at += escaped === null ? 1 : escaped[0].length
    }
    lastLength = text.length - start
  }
  const start = words[0]
  const nowhere = { file, line: start?.line ?? 1, column: start?.column ?? 1 }
  return { text, placeAt: (offset) => places[Math.min(offset, places.length - 1)] ?? nowhere }
}

const STRING_MAX = 255

function resolveEscape([, digits, character]: RegExpExecArray): string {
  if (digits === undefined) return character ?? ''
  return Number(digits) <= 255 ? String.fromCharCode(Number(digits)) : digits
}
