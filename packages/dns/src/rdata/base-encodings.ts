/** Reads hexadecimal digits, two to an octet; undefined when they are none. */
export function readHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

/** Prints octets as upper-case hexadecimal digits. */
export function printHex(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += octet.toString(16).toUpperCase().padStart(2, '0')
  return text
}

/** Reads base 64 with its padding (RFC 4648 section 4); undefined when it is none. */
export function readBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[0-9A-Za-z+/]*={0,2}$/.test(text)) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const octets = new Uint8Array((text.length / 4) * 3 - padding)
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let bits = 0
    for (let j = 0; j < 4; j++) bits = (bits << 6) | Math.max(0, ALPHABET.indexOf(text[i + j]!))
    for (let shift = 16; shift >= 0 && at < octets.length; shift -= 8) octets[at++] = bits >> shift
  }
  // Bits that the padding leaves over must be zero, or two texts would stand for the same octets.
  return printBase64(octets) === text ? octets : undefined
}

/** Prints octets in base 64 with padding. */
export function printBase64(octets: Uint8Array): string {
  let text = ''
  for (let i = 0; i < octets.length; i += 3) {
    const bits = (octets[i]! << 16) | ((octets[i + 1] ?? 0) << 8) | (octets[i + 2] ?? 0)
    const given = Math.min(3, octets.length - i)
    for (let j = 0; j < 4; j++) text += j <= given ? ALPHABET[(bits >> (18 - 6 * j)) & 63] : '='
  }
  return text
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
