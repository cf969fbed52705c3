/** Writes whole numbers of any size in as few octets as they need, seven bits in each, the least significant first. */
export class OctetWriter {
  #octets = new Uint8Array(256)
  #length = 0

  octet(value: number): void {
    this.#reserve(1)
    this.#octets[this.#length++] = value
  }

  /** A whole number from 0 to 2^53 - 1. */
  count(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.octet((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.octet(rest)
  }

  text(text: string): void {
    const octets = encoder.encode(text)
    this.count(octets.length)
    this.#reserve(octets.length)
    this.#octets.set(octets, this.#length)
    this.#length += octets.length
  }

  finish(): Uint8Array {
    return this.#octets.slice(0, this.#length)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#octets.length) return
    const larger = new Uint8Array(Math.max(this.#octets.length * 2, this.#length + more))
    larger.set(this.#octets)
    this.#octets = larger
  }
}

const encoder = new TextEncoder()
