import { type ClientClass, UNPLACED } from '@windrose/steering'

/** Client classes by number, each distinct one once. Number 0 is UNPLACED. */
export class ClassTable {
  readonly list: ClientClass[] = [UNPLACED]
  readonly #numbers: Map<string, number> = new Map([[keyOf(UNPLACED), 0]])

  /** The number of a class. */
  number(clientClass: ClientClass): number {
    const key = keyOf(clientClass)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.list.length)
    return this.list.push(clientClass) - 1
  }
}

function keyOf({ rule, view, sites, areas }: ClientClass): string {
  return `${rule} ${view} ${sites.join()} ${areas.join()}`
}
