import { dataStart, type SearchTree } from './search-tree.ts'

/** Keys from the outermost map to the field, as in `['location', 'latitude']`. A number is an index of a list. */
export type FieldPath = readonly (string | number)[]

/**
 * Reads single fields of the data of an MMDB file and skips the rest.
 *
 * To place a client, two or three fields of a record matter. Decoding whole records with the library costs 4 to 9 us
 * each, most of it for strings nobody asks for; a City database has half a million distinct records, and its map has
 * to be compiled within seconds. Everything that is shown to people is decoded by the library.
 *
 * Data types and control octets: MaxMind DB file format 2.0, "Output Data Section".
 */
export class FieldReader {
  readonly #octets: Uint8Array
  readonly #view: DataView
  readonly #dataStart: number
  /** What the last control octet said: type, size or count, and where the value begins and the next one does. */
  #type = 0
  #size = 0
  #value = 0
  #next = 0

  constructor(tree: SearchTree) {
    this.#octets = tree.octets
    this.#view = new DataView(tree.octets.buffer, tree.octets.byteOffset, tree.octets.byteLength)
    this.#dataStart = dataStart(tree)
  }

  /** The number at the path below the data at `offset`, also when it is written as a string; NaN when there is none. */
  number(offset: number, path: CompiledPath): number {
    if (!this.#find(offset, path)) return Number.NaN
    switch (this.#type) {
      case Type.string: {
        const text = this.#text()
        return text.trim() === '' ? Number.NaN : Number(text)
      }
      case Type.double:
        return this.#view.getFloat64(this.#value)
      case Type.float:
        return this.#view.getFloat32(this.#value)
      case Type.uint16:
      case Type.uint32:
      case Type.int32:
        return this.#integer()
      default:
        return Number.NaN
    }
  }

  /** The string at the path below the data at `offset`; '' when there is none. */
  string(offset: number, path: CompiledPath): string {
    return this.#find(offset, path) && this.#type === Type.string ? this.#text() : ''
  }

  /** Reads the control octets of the field at the path; false when the data has no such field. */
  #find(offset: number, path: CompiledPath): boolean {
    this.#control(offset)
    for (const step of path) {
      if (typeof step === 'number' ? !this.#enterList(step) : !this.#enterMap(step)) return false
    }
    return true
  }

  #enterList(index: number): boolean {
    if (this.#type !== Type.list || index >= this.#size) return false
    let at = this.#value
    for (let i = 0; i < index; i++) at = this.#skip(at, 0)
    this.#control(at)
    return true
  }

  #enterMap(key: Uint8Array): boolean {
    if (this.#type !== Type.map) return false
    const count = this.#size
    let at = this.#value
    for (let i = 0; i < count; i++) {
      this.#control(at)
      const found = this.#equals(key)
      at = this.#next
      if (found) {
        this.#control(at)
        return true
      }
      at = this.#skip(at, 0)
    }
    return false
  }

  #equals(key: Uint8Array): boolean {
    if (this.#size !== key.length) return false
    for (let i = 0; i < key.length; i++) if (this.#octets[this.#value + i] !== key[i]) return false
    return true
  }

  /** The offset behind the value at `at`. Pointers are stepped over, not followed, so this always moves forwards. */
  #skip(at: number, nesting: number): number {
    const type = this.#octets[at]! >> 5
    if (type === Type.pointer) return at + 2 + ((this.#octets[at]! >> 3) & 3)
    this.#control(at)
    if (this.#type !== Type.map && this.#type !== Type.list) return this.#next
    let next = this.#value
    if (nesting > NESTING_MAX) return next
    const values = this.#type === Type.map ? this.#size * 2 : this.#size
    for (let i = 0; i < values && next < this.#octets.length; i++) next = this.#skip(next, nesting + 1)
    return next
  }

  /** Reads the control octets at `at`, through a pointer if there is one. */
  #control(at: number): void {
    const octets = this.#octets
    let position = at
    let behindPointer = -1
    if (octets[position]! >> 5 === Type.pointer) {
      behindPointer = position + 2 + ((octets[position]! >> 3) & 3)
      position = this.#pointer(position)
    }
    const control = octets[position++]!
    let type = control >> 5
    if (type === Type.extended) type = octets[position++]! + 7
    let size = control & 0x1f
    if (size >= 29) {
      const more = size - 28
      let added = 0
      for (let i = 0; i < more; i++) added = (added << 8) | octets[position++]!
      size = LONG_SIZE[more]! + added
    }
    this.#type = type
    this.#size = size
    this.#value = position
    const valueOctets = type === Type.map || type === Type.list || type === Type.boolean ? 0 : size
    this.#next = behindPointer < 0 ? position + valueOctets : behindPointer
  }

  #pointer(at: number): number {
    const octets = this.#octets
    const size = (octets[at]! >> 3) & 3
    let value = size === 3 ? 0 : octets[at]! & 7
    for (let i = 1; i <= size + 1; i++) value = value * 256 + octets[at + i]!
    return this.#dataStart + POINTER_BASE[size]! + value
  }

  #integer(): number {
    let value = 0
    for (let i = 0; i < this.#size; i++) value = value * 256 + this.#octets[this.#value + i]!
    return this.#type === Type.int32 ? value | 0 : value
  }

  #text(): string {
    if (this.#value + this.#size > this.#octets.length) return ''
    let text = ''
    for (let i = 0; i < this.#size; i++) {
      const octet = this.#octets[this.#value + i]!
      // Codes and most names are ASCII: a decoder for each would cost more than all the rest.
      if (octet > 0x7f) return UTF8.decode(this.#octets.subarray(this.#value, this.#value + this.#size))
      text += String.fromCharCode(octet)
    }
    return text
  }
}

/** A path whose keys are octets already. */
export type CompiledPath = readonly (Uint8Array | number)[]

export function compilePath(path: FieldPath): CompiledPath {
  return path.map((step) => (typeof step === 'number' ? step : new TextEncoder().encode(step)))
}

const Type = {
  extended: 0,
  pointer: 1,
  string: 2,
  double: 3,
  uint16: 5,
  uint32: 6,
  map: 7,
  int32: 8,
  list: 11,
  boolean: 14,
  float: 15,
} as const

const UTF8 = new TextDecoder()

const POINTER_BASE = [0, 2048, 526336, 0] as const
const LONG_SIZE = [0, 29, 285, 65821] as const

/** Deeper maps than this do not occur; a damaged file must not exhaust the stack. */
const NESTING_MAX = 32
