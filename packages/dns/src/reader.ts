import { NAME_OCTETS_MAX, type Name, ROOT } from './name.ts'

/**
 * A cursor over received octets that remembers failing.
 *
 * After one read that runs past the end, or one malformed name, `short` is true and every later read gives zeros
 * and moves nothing. So a caller reads all the fields it wants and asks once, at the end.
 */
export class Reader {
  readonly octets: Uint8Array
  /** Where the message begins: compression pointers count from here. */
  readonly start: number
  readonly end: number
  position: number
  /** A read failed; nothing read since can be trusted. */
  short = false

  constructor(octets: Uint8Array, start = 0, end: number = octets.length) {
    this.octets = octets
    this.start = start
    this.end = Math.min(end, octets.length)
    this.position = start
  }

  get remaining(): number {
    return this.short ? 0 : this.end - this.position
  }

  u8(): number {
    return this.#has(1) ? this.octets[this.position++]! : 0
  }

  u16(): number {
    if (!this.#has(2)) return 0
    const at = this.position
    this.position = at + 2
    return (this.octets[at]! << 8) | this.octets[at + 1]!
  }

  u32(): number {
    const high = this.u16()
    const low = this.u16()
    return this.short ? 0 : high * 0x10000 + low
  }

  /** The next `length` octets, copied; empty when there are fewer. */
  take(length: number): Uint8Array {
    if (!this.#has(length)) return new Uint8Array(0)
    this.position += length
    return this.octets.slice(this.position - length, this.position)
  }

  skip(length: number): void {
    if (this.#has(length)) this.position += length
  }

  /**
   * The next name, decompressed. A pointer must point before the run of labels that it ends (so a chain of them
   * always comes to an end) and not before `start`; otherwise, or above 255 octets, the reader fails and gives the
   * root.
   */
  name(): Name {
    return this.#name(true)
  }

  /** The next name, which may not be compressed (RFC 3597 section 4, RFC 9460 section 2.2). */
  plainName(): Name {
    return this.#name(false)
  }

  fail(): void {
    this.short = true
  }

  #has(length: number): boolean {
    if (!this.short && length <= this.end - this.position) return true
    this.short = true
    return false
  }

  #name(mayPoint: boolean): Name {
    if (this.short) return ROOT
    const name = new Uint8Array(NAME_OCTETS_MAX)
    let length = 0
    let at = this.position
    let runStart = at
    let after = -1
    while (at < this.end) {
      const octet = this.octets[at]!
      if (octet === 0) {
        this.position = after < 0 ? at + 1 : after
        return name.slice(0, length + 1)
      }
      if (octet <= 63) {
        const next = at + 1 + octet
        // One octet must stay for the root.
        if (next > this.end || length + 1 + octet >= NAME_OCTETS_MAX) break
        for (; at < next; at++) name[length++] = this.octets[at]!
        continue
      }
      if (octet < 0xc0 || !mayPoint || at + 1 >= this.end) break
      const target = this.start + (((octet & 0x3f) << 8) | this.octets[at + 1]!)
      if (target >= runStart) break
      if (after < 0) after = at + 2
      at = target
      runStart = target
    }
    this.short = true
    return ROOT
  }
}
