/**
 * The octets that a word stands for (RFC 1035 section 5.1): `\DDD` is any octet, `\X` the character itself, and a
 * character outside ASCII its UTF-8 octets, as they stood in the file. A string says what is wrong.
 */
export function readOctets(text: string): number[] | string {
  const octets: number[] = []
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!
    const length = code > 0xffff ? 2 : 1
    if (code !== BACKSLASH) {
      pushUtf8(octets, code)
      at += length
      continue
    }
    const digits = text.slice(at + 1, at + 4)
    if (/^[0-9]{3}$/.test(digits) && Number(digits) <= 255) {
      octets.push(Number(digits))
      at += 4
    } else if (/^[0-9]/.test(digits)) {
      return `\\${digits} is no octet: three digits, at most 255`
    } else {
      const next = text.codePointAt(at + 1)
      if (next === undefined) return 'it ends in the middle of an escape'
      pushUtf8(octets, next)
      at += next > 0xffff ? 3 : 2
    }
  }
  return octets
}

/** Prints octets in quotes; what is not printable ASCII becomes `\DDD`. */
export function printQuoted(octets: Uint8Array): string {
  let text = '"'
  for (const octet of octets) {
    if (octet < 0x20 || octet > 0x7e) text += `\\${octet.toString().padStart(3, '0')}`
    else if (octet === QUOTE || octet === BACKSLASH) text += `\\${String.fromCharCode(octet)}`
    else text += String.fromCharCode(octet)
  }
  return `${text}"`
}

const BACKSLASH = 0x5c
const QUOTE = 0x22

function pushUtf8(octets: number[], code: number): void {
  if (code < 0x80) octets.push(code)
  else if (code < 0x800) octets.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f))
  else if (code < 0x10000) octets.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
  else {
    octets.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
  }
}
