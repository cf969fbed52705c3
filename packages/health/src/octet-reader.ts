/** Reads what OctetWriter writes. After a fault everything reads as 0 or empty, and `isFaulty` says so: ask it at the end. */
export class OctetReader {
  readonly #octets: Uint8Array
  #at = 0
  #isFaulty = false

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  /** Something was too short or too large. */
  get isFaulty(): boolean {
    return this.#isFaulty
  }

  get left(): number {
    return this.#octets.length - this.#at
  }

  octet(): number {
    const octet = this.#octets[this.#at]
    if (octet === undefined || this.#isFaulty) return this.fail()
    this.#at++
    return octet
  }

  count(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const octet = this.octet()
      value += (octet & 0x7f) * scale
      if (octet < 0x80) return value <= Number.MAX_SAFE_INTEGER ? value : this.fail()
    }
    return this.fail()
  }

  text(): string {
    const length = this.count()
    if (length > this.left) this.fail()
    if (this.#isFaulty) return ''
    this.#at += length
    return decoder.decode(this.#octets.subarray(this.#at - length, this.#at))
  }

  /** For what only the caller can see to be wrong, too. */
  fail(): 0 {
    this.#isFaulty = true
    return 0
  }
}

/** Octets that are no UTF-8 become replacement characters. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
