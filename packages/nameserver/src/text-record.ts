/** Character-strings as the rdata of a TXT record (RFC 1035 3.3.14); each is cut at 255 octets. */
export function textRdata(strings: readonly Uint8Array[]): Uint8Array {
  const cut = strings.map((string) => string.subarray(0, 255))
  const rdata = new Uint8Array(cut.reduce((sum, string) => sum + 1 + string.length, 0))
  let at = 0
  for (const string of cut) {
    rdata[at] = string.length
    rdata.set(string, at + 1)
    at += 1 + string.length
  }
  return rdata
}

/** One record whose owner is a pointer to the question. `ttl` in seconds, below 65,536. */
export function questionRecord(parts: { rtype: number; rclass: number; ttl: number; rdata: Uint8Array }): Uint8Array {
  const { rtype, rclass, ttl, rdata } = parts
  const head = [0xc0, 12, 0, rtype, 0, rclass, 0, 0, ttl >>> 8, ttl & 0xff, rdata.length >>> 8, rdata.length & 0xff]
  const record = new Uint8Array(head.length + rdata.length)
  record.set(head)
  record.set(rdata, head.length)
  return record
}

/** ASCII text as octets, with "?" for what is not ASCII; the path packages have no TextEncoder. */
export function asciiOctets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => (character < '\x80' ? character.charCodeAt(0) : 0x3f))
}
