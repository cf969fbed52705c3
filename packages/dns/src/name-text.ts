import { LABEL_OCTETS_MAX, NAME_OCTETS_MAX, type Name, ROOT } from './name.ts'

/** Why a text is no name; one short sentence, without the text itself. */
export interface NameProblem {
  readonly problem: string
}

/**
 * Reads a name in presentation format (RFC 1035 section 5.1): labels with dots between them, `\.` and the like for
 * a character that would mean something else, `\DDD` for any octet in decimal. A name without a final dot is
 * relative and needs `origin`; `@` alone is the origin.
 */
export function readName(text: string, origin?: Name): Name | NameProblem {
  if (text === '@') return origin ?? { problem: 'the name @ needs an origin' }
  if (text === '.') return ROOT
  const octets: number[] = []
  let labelStart = 0
  octets.push(0)
  for (let at = 0; at < text.length; ) {
    if (text[at] === '.') {
      if (octets.length - 1 === labelStart)
        return { problem: at === 0 ? 'a name cannot begin with a dot' : EMPTY_LABEL }
      labelStart = octets.length
      octets.push(0)
      at++
      continue
    }
    const character = readCharacter(text, at)
    if (typeof character === 'string') return { problem: character }
    octets.push(character.octet)
    octets[labelStart]! += 1
    if (octets[labelStart]! > LABEL_OCTETS_MAX) return { problem: 'a label is longer than 63 octets' }
    at += character.length
  }
  if (octets.length === 1) return { problem: 'the name is empty' }
  if (octets.length - 1 !== labelStart) {
    if (origin === undefined) return { problem: 'the name is relative (it has no final dot) and there is no origin' }
    for (const octet of origin) octets.push(octet)
  }
  return octets.length > NAME_OCTETS_MAX ? { problem: TOO_LONG } : new Uint8Array(octets)
}

/**
 * Prints the name that starts at `start` in the octets, absolute and with every octet escaped that would not be
 * read back as itself: `www.example.org.`.
 */
export function printName(name: Uint8Array, start = 0): string {
  if (name[start] === 0) return '.'
  let text = ''
  for (let at = start; name[at]! > 0; ) {
    const end = at + 1 + name[at]!
    for (at++; at < end; at++) text += PRINTED[name[at]!]!
    text += '.'
  }
  return text
}

const EMPTY_LABEL = 'a label is empty (two dots in a row)'
const TOO_LONG = 'the name is longer than 255 octets'

/** One character or escape of a label; a string says what is wrong. */
function readCharacter(text: string, at: number): { octet: number; length: number } | string {
  const code = text.charCodeAt(at)
  if (code > 0x7e || code < 0x20) {
    return 'the name has a character outside ASCII; write it in its xn-- form, or each octet as \\DDD'
  }
  if (code !== BACKSLASH) return { octet: code, length: 1 }
  const next = text.charCodeAt(at + 1)
  if (Number.isNaN(next)) return 'the name ends in the middle of an escape'
  if (!isDigit(next)) {
    if (next > 0x7e || next < 0x20) return 'only a printable ASCII character can follow a backslash'
    return { octet: next, length: 2 }
  }
  const digits = text.slice(at + 1, at + 4)
  if (!/^[0-9]{3}$/.test(digits) || Number(digits) > 255) return `\\${digits} is no octet: three digits, at most 255`
  return { octet: Number(digits), length: 4 }
}

const BACKSLASH = 0x5c

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** How each octet is printed inside a label: the characters that mean something in a master file are escaped. */
const PRINTED: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  if (octet <= 0x20 || octet >= 0x7f) return `\\${octet.toString().padStart(3, '0')}`
  const character = String.fromCharCode(octet)
  return '."();@$\\'.includes(character) ? `\\${character}` : character
})
