import { type ClientClass, DEFAULT_AREA, UNPLACED } from '@windrose/steering'

/** Client classes by number, each distinct one once. Number 0 is that of clients that nothing is known of. */
export class ClassTable {
  readonly list: ClientClass[] = []
  readonly #numbers: Map<string, number> = new Map()

  /** For classes that are in an area of each of so many tables. */
  constructor(tables: number) {
    this.number({ ...UNPLACED, areas: new Array<number>(tables).fill(DEFAULT_AREA) })
  }

  /** The number of a class. */
  number(clientClass: ClientClass): number {
    const key = keyOf(clientClass)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.list.length)
    return this.list.push(clientClass) - 1
  }

  /** The class of a number; nothing is known of clients in special-purpose space. */
  at(number: number): ClientClass {
    return this.list[number] ?? this.list[0]!
  }
}

function keyOf({ rule, view, sites, areas }: ClientClass): string {
  return `${rule} ${view} ${sites.join()} ${areas.join()}`
}
