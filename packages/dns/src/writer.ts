import { LOWER_CASE } from './name.ts'

/**
 * A cursor that composes a message, with name compression (RFC 1035 section 4.1.4).
 *
 * Once something did not fit, `full` is true and nothing more is written until a rollback. Nothing is allocated
 * after construction: the names written are remembered by their offsets in a hash table of fixed size, and compared
 * with the octets themselves. When the table is full, names are still written but no longer remembered.
 */
export class Writer {
  octets: Uint8Array
  position: number
  /** Nothing is written at or beyond this index. */
  limit: number
  /** Something did not fit. */
  full = false
  /** Where the message begins: compression pointers count from here. */
  #start: number
  /** Open addressing: 1 + the offset of a name from `#start`, or 0. */
  readonly #slots = new Uint16Array(SLOTS)
  /** The slots in use, oldest first, so that a rollback can free the newest. */
  readonly #order = new Uint16Array(REMEMBERED)
  #remembered = 0
  /** Of the name being written, by label. */
  readonly #labelStarts = new Uint32Array(LABELS_MAX)
  readonly #tailHashes = new Uint32Array(LABELS_MAX)
  readonly #labelOffsets = new Uint32Array(LABELS_MAX)

  constructor(octets: Uint8Array, start = 0, limit: number = octets.length) {
    this.octets = octets
    this.position = start
    this.limit = Math.min(limit, octets.length)
    this.#start = start
  }

  /** Begins another message at `start` of these octets, and forgets all names. */
  reset(octets: Uint8Array, start: number, limit: number): void {
    this.octets = octets
    this.position = start
    this.limit = Math.min(limit, octets.length)
    this.full = false
    this.#start = start
    this.#forgetDownTo(0)
  }

  u8(value: number): void {
    if (this.#claim(1)) this.octets[this.position++] = value
  }

  u16(value: number): void {
    if (!this.#claim(2)) return
    this.octets[this.position++] = value >>> 8
    this.octets[this.position++] = value
  }

  u32(value: number): void {
    if (!this.#claim(4)) return
    this.octets[this.position++] = value >>> 24
    this.octets[this.position++] = value >>> 16
    this.octets[this.position++] = value >>> 8
    this.octets[this.position++] = value
  }

  /** Octets `start` to `end` of another array. */
  bytes(source: Uint8Array, start = 0, end: number = source.length): void {
    if (!this.#claim(end - start)) return
    for (let i = start; i < end; i++) this.octets[this.position++] = source[i]!
  }

  /** Overwrites two octets that were written earlier, such as a length known only afterwards. */
  patchU16(at: number, value: number): void {
    this.octets[at] = value >>> 8
    this.octets[at + 1] = value
  }

  /**
   * The name that starts at `start` in the array. With `compress`, the longest tail of it that was written before is
   * replaced by a pointer. Names match whatever their case: the reader sees the case that was written first.
   * With or without `compress`, later names may point to this one.
   */
  name(name: Uint8Array, compress: boolean, start = 0): void {
    if (this.full) return
    const labels = this.#scanLabels(name, start)
    let written = 0
    let target = NONE
    for (; written < labels; written++) {
      const tail = this.#labelStarts[written]!
      target = this.#find(this.#tailHashes[written]!, name, tail)
      if (target !== NONE && compress) break
      this.#labelOffsets[written] = target === NONE ? this.position - this.#start : POINTER_END
      this.bytes(name, tail, tail + 1 + name[tail]!)
    }
    if (written < labels) this.u16(0xc000 | target)
    else this.u8(0)
    if (this.full) return
    // Only now: a name that is not written to its end cannot be compared with.
    for (let i = 0; i < written; i++) this.#remember(this.#tailHashes[i]!, this.#labelOffsets[i]!)
  }

  /** The place to come back to with `rollback`. */
  mark(): number {
    return this.position
  }

  /** Takes back everything written since the mark, and is no longer full. */
  rollback(mark: number): void {
    this.position = mark
    this.full = false
    let kept = this.#remembered
    const offset = mark - this.#start
    while (kept > 0 && this.#slots[this.#order[kept - 1]!]! > offset) kept--
    this.#forgetDownTo(kept)
  }

  /** Notes where each label starts and the folded hash of the name from there on; gives the number of labels. */
  #scanLabels(name: Uint8Array, start: number): number {
    let labels = 0
    for (let at = start; name[at]! > 0; at += 1 + name[at]!) this.#labelStarts[labels++] = at
    let hash = 0
    for (let i = labels - 1; i >= 0; i--) {
      const at = this.#labelStarts[i]!
      const end = at + 1 + name[at]!
      for (let j = at; j < end; j++) hash = Math.imul(hash ^ LOWER_CASE[name[j]!]!, 0x01000193)
      hash ^= hash >>> 15
      this.#tailHashes[i] = hash
    }
    return labels
  }

  #claim(length: number): boolean {
    if (!this.full && length <= this.limit - this.position) return true
    this.full = true
    return false
  }

  /** The offset of a name written before that equals the tail at `start`, or NONE. */
  #find(hash: number, name: Uint8Array, start: number): number {
    for (let slot = hash & (SLOTS - 1); this.#slots[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
      const offset = this.#slots[slot]! - 1
      if (this.#equalAt(offset, name, start)) return offset
    }
    return NONE
  }

  /** Compares label by label, following the pointers that this writer wrote. */
  #equalAt(offset: number, name: Uint8Array, start: number): boolean {
    let written = this.#start + offset
    let at = start
    for (;;) {
      let length = this.octets[written]!
      while (length >= 0xc0) {
        written = this.#start + (((length & 0x3f) << 8) | this.octets[written + 1]!)
        length = this.octets[written]!
      }
      if (length !== name[at]) return false
      if (length === 0) return true
      for (let i = 1; i <= length; i++) {
        if (LOWER_CASE[this.octets[written + i]!] !== LOWER_CASE[name[at + i]!]) return false
      }
      written += 1 + length
      at += 1 + length
    }
  }

  #remember(hash: number, offset: number): void {
    if (offset >= POINTER_END || this.#remembered === REMEMBERED) return
    let slot = hash & (SLOTS - 1)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
    this.#slots[slot] = offset + 1
    this.#order[this.#remembered++] = slot
  }

  #forgetDownTo(kept: number): void {
    while (this.#remembered > kept) this.#slots[this.#order[--this.#remembered]!] = 0
  }
}

/** Twice as many slots as names, so that a search stays short. */
const SLOTS = 512
const REMEMBERED = 256
/** A pointer has 14 bits. */
const POINTER_END = 0x4000
const NONE = -1
/** 255 octets hold no more than 127 labels. */
const LABELS_MAX = 127
