/** What a record of an MMDB file is made of. */
export type MmdbValue = string | number | boolean | readonly MmdbValue[] | MmdbRecord
export interface MmdbRecord {
  readonly [key: string]: MmdbValue
}

/**
 * A data section being written: MaxMind DB file format 2.0, "Output Data Section".
 *
 * Equal records are written once, and a string that stands already is pointed to. Whole numbers become uint32 or
 * int32, all others doubles; coordinates are doubles always, as in MaxMind's own files.
 */
export class MmdbData {
  #octets: Uint8Array = new Uint8Array(1024)
  #end = 0
  readonly #records: Map<string, number> = new Map()
  readonly #texts: Map<string, number> = new Map()

  /** The data written so far. */
  octets(): Uint8Array {
    return this.#octets.slice(0, this.#end)
  }

  /** The offset of the record in the data. */
  addRecord(record: MmdbRecord): number {
    const key = JSON.stringify(record)
    const known = this.#records.get(key)
    if (known !== undefined) return known
    const offset = this.#end
    this.#addValue(record, '')
    this.#records.set(key, offset)
    return offset
  }

  /** A map whose values the given functions add, in this order. */
  addMap(entries: readonly (readonly [key: string, addValue: () => void])[]): void {
    this.#control(Type.map, entries.length)
    for (const [key, addValue] of entries) {
      this.addText(key)
      addValue()
    }
  }

  addList(values: readonly MmdbValue[]): void {
    this.#control(Type.list, values.length)
    for (const value of values) this.#addValue(value, '')
  }

  addUnsigned(type: 'uint16' | 'uint32' | 'uint64', value: number): void {
    const octets: number[] = []
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
    this.#control(Type[type], octets.length)
    this.#write(octets)
  }

  addText(text: string): void {
    const known = this.#texts.get(text)
    if (known !== undefined) {
      this.#point(known)
      return
    }
    // A pointer takes two octets at least, so that shorter strings are not worth one.
    if (text.length > 1) this.#texts.set(text, this.#end)
    const octets = new TextEncoder().encode(text)
    this.#control(Type.text, octets.length)
    this.#write(octets)
  }

  #addValue(value: MmdbValue, key: string): void {
    if (typeof value === 'string') this.addText(value)
    else if (typeof value === 'boolean') this.#control(Type.boolean, value ? 1 : 0)
    else if (typeof value === 'number') this.#addNumber(value, key)
    else if (isList(value)) this.addList(value)
    else this.addMap(Object.entries(value).map(([name, below]) => [name, () => this.#addValue(below, name)]))
  }

  #addNumber(value: number, key: string): void {
    const whole = Number.isInteger(value) && key !== 'latitude' && key !== 'longitude'
    const view = new DataView(new ArrayBuffer(8))
    if (whole && value >= 0 && value <= 0xffffffff) {
      this.addUnsigned('uint32', value)
    } else if (whole && value < 0 && value >= -0x80000000) {
      view.setInt32(0, value)
      this.#control(Type.int32, 4)
      this.#write(new Uint8Array(view.buffer, 0, 4))
    } else {
      view.setFloat64(0, value)
      this.#control(Type.double, 8)
      this.#write(new Uint8Array(view.buffer))
    }
  }

  /** Types above 7 take an octet of their own; sizes of 29 and more take one to three octets more. */
  #control(type: number, size: number): void {
    const inControl = size < 29 ? size : size < 285 ? 29 : size < 65821 ? 30 : 31
    this.#write([((type > 7 ? 0 : type) << 5) | inControl])
    if (type > 7) this.#write([type - 7])
    if (inControl === 29) this.#write([size - 29])
    if (inControl === 30) this.#write([(size - 285) >> 8, (size - 285) & 0xff])
    if (inControl === 31) this.#write([(size - 65821) >> 16, ((size - 65821) >> 8) & 0xff, (size - 65821) & 0xff])
  }

  #point(offset: number): void {
    const control = Type.pointer << 5
    if (offset < 2048) {
      this.#write([control | (offset >> 8), offset & 0xff])
    } else if (offset < 526336) {
      const value = offset - 2048
      this.#write([control | 0x08 | (value >> 16), (value >> 8) & 0xff, value & 0xff])
    } else {
      this.#write([control | 0x18, offset >>> 24, (offset >> 16) & 0xff, (offset >> 8) & 0xff, offset & 0xff])
    }
  }

  #write(octets: ArrayLike<number>): void {
    if (this.#end + octets.length > this.#octets.length) {
      const grown = new Uint8Array((this.#end + octets.length) * 2)
      grown.set(this.#octets)
      this.#octets = grown
    }
    this.#octets.set(octets, this.#end)
    this.#end += octets.length
  }
}

const Type = {
  pointer: 1,
  text: 2,
  double: 3,
  uint16: 5,
  uint32: 6,
  map: 7,
  int32: 8,
  uint64: 9,
  list: 11,
  boolean: 14,
} as const

function isList(value: MmdbValue): value is readonly MmdbValue[] {
  return Array.isArray(value)
}
