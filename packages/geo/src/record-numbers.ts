/**
 * Numbers kept for records of a search tree: a hash table with open addressing on two flat arrays.
 *
 * Every leaf of a walk asks it, millions of them for a City database: a Map costs three times as much.
 */
export class RecordNumbers {
  #records: Uint32Array = new Uint32Array(1 << 12)
  #numbers: Int32Array = new Int32Array(1 << 12)
  #size = 0

  /** The number kept for the record; -1 when there is none. */
  get(record: number): number {
    const slot = this.#slot(record)
    return this.#records[slot] === record ? this.#numbers[slot]! : -1
  }

  /** Keeps a number, 0 or more, for a record that has none, and gives it back. A record is never 0. */
  add(record: number, number: number): number {
    if (this.#size * 2 >= this.#records.length) this.#grow()
    const slot = this.#slot(record)
    this.#records[slot] = record
    this.#numbers[slot] = number
    this.#size++
    return number
  }

  /** Where the record is, or the free slot where it would be. */
  #slot(record: number): number {
    const mask = this.#records.length - 1
    let slot = (Math.imul(record, 0x9e3779b1) >>> 7) & mask
    while (this.#records[slot] !== 0 && this.#records[slot] !== record) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const records = this.#records
    const numbers = this.#numbers
    this.#records = new Uint32Array(records.length * 2)
    this.#numbers = new Int32Array(records.length * 2)
    for (let i = 0; i < records.length; i++) {
      if (records[i] === 0) continue
      const slot = this.#slot(records[i]!)
      this.#records[slot] = records[i]!
      this.#numbers[slot] = numbers[i]!
    }
  }
}

/** Asks for the number of each distinct record once. */
export function onceForEachRecord(read: (record: number) => number): (record: number) => number {
  const numbers = new RecordNumbers()
  return (record) => {
    const known = numbers.get(record)
    return known >= 0 ? known : numbers.add(record, read(record))
  }
}
