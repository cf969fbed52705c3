import { walkTogether } from '@windrose/geo'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import { type ClientSpace, EMBEDDING, UNPLACED } from './client-space.ts'

/** What clients are counted in: a /24 is what steering tells apart in IPv4, a /48 is what a site is given in IPv6. */
export const UNIT_LENGTH = { 4: 24, 6: 48 } as const

/** The clients of one kind that are of one class on each side. */
export interface ClassCount {
  /** Class numbers; 0 where a side has no client map. */
  readonly before: number
  readonly after: number
  /** Units: /24s or /48s. Longer prefixes are the part of one that they are. */
  readonly units: number
}

/** How many clients of which classes there are. */
export interface ClientCount {
  /** By index of the space's countries. */
  readonly countries: readonly (readonly ClassCount[])[]
  /** In networks that the configuration names and no database places, such as private ones. */
  readonly named: readonly ClassCount[]
  readonly networks: NetworkCount
}

/** The clients of networks, in columns: there are hundreds of thousands of rows. */
export interface NetworkCount {
  /** Indexes of the space's networks. A network has a row for each pair of classes. */
  readonly networks: readonly number[]
  /** Indexes of `classes`. */
  readonly pairs: readonly number[]
  readonly units: readonly number[]
  readonly classes: readonly ClassPair[]
}

export interface ClassPair {
  readonly before: number
  readonly after: number
}

/** Counts the clients of a family, exactly: the space and the maps of both sides are walked together. */
export function countClients(
  space: ClientSpace,
  before: ClientMap | undefined,
  after: ClientMap | undefined,
  family: 4 | 6,
): ClientCount {
  const counting = new Counting(space, family)
  const maps = { before: before?.trie, after: after?.trie }
  walkTogether({ places: space.places, networks: space.networks, ...maps }, family, counting.add)
  return counting.result()
}

class Counting {
  readonly #regions: Int32Array
  readonly #weights: Float64Array
  /** The region of networks that the configuration names. */
  readonly #named: number
  readonly #pairs: ClassPairs = new ClassPairs()
  /** Units by pair and region, rows of `#rowLength`. */
  #units: Float64Array
  readonly #rowLength: number
  /** Units by network and pair. */
  readonly #networks: NetworkUnits

  constructor({ regions, countries, networks }: ClientSpace, family: 4 | 6) {
    this.#networks = new NetworkUnits(networks?.list.length ?? 0)
    this.#regions = regions
    this.#weights = Float64Array.from({ length: 129 }, (_, length) => 2 ** (UNIT_LENGTH[family] - length))
    this.#named = countries.length
    this.#rowLength = countries.length + 1
    this.#units = new Float64Array(this.#rowLength * 64)
  }

  readonly add = (place: number, network: number, classBefore: number, classAfter: number, length: number): void => {
    let region = this.#regions[place]!
    if (region === EMBEDDING) return
    // A client of special-purpose space has its resolver's place, and that is taken to be as unknown as its own.
    const before = classBefore === SPECIAL_CLASS ? 0 : classBefore
    const after = classAfter === SPECIAL_CLASS ? 0 : classAfter
    if (region === UNPLACED) {
      if (before === 0 && after === 0) return
      region = this.#named
    }
    const pair = this.#pairs.number(before, after)
    const at = pair * this.#rowLength + region
    if (at >= this.#units.length) this.#grow()
    const units = this.#weights[length]!
    this.#units[at] = this.#units[at]! + units
    if (network !== 0 && region !== this.#named) this.#networks.add(network, pair, units)
  }

  result(): ClientCount {
    const rowOf = (region: number): ClassCount[] =>
      this.#pairs.list.flatMap(({ before, after }, pair) => {
        const units = this.#units[pair * this.#rowLength + region] ?? 0
        return units === 0 ? [] : { before, after, units }
      })
    return {
      countries: Array.from({ length: this.#named }, (_, region) => rowOf(region)),
      named: rowOf(this.#named),
      networks: { ...this.#networks.columns, classes: this.#pairs.list },
    }
  }

  #grow(): void {
    const grown = new Float64Array(this.#units.length * 2)
    grown.set(this.#units)
    this.#units = grown
  }
}

/** Pairs of classes that occur, numbered. Neighbours mostly have the same pair, so the last one is at hand. */
class ClassPairs {
  readonly list: ClassPair[] = []
  readonly #numbers: Map<number, number> = new Map()
  #lastKey = -1
  #last = 0

  number(before: number, after: number): number {
    const key = before * CLASSES + after
    if (key === this.#lastKey) return this.#last
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.list.push({ before, after }) - 1
      this.#numbers.set(key, number)
    }
    this.#lastKey = key
    this.#last = number
    return number
  }
}

/** Class numbers have 24 bits. */
const CLASSES = 2 ** 24

/** Units by network and pair. Neighbours mostly have the same ones, so the last row is at hand. */
class NetworkUnits {
  readonly columns = { networks: [] as number[], pairs: [] as number[], units: [] as number[] }
  readonly #count: number
  readonly #rows: Map<number, number> = new Map()
  #lastKey = -1
  #last = 0

  /** `count` is how many networks there are. */
  constructor(count: number) {
    this.#count = count
  }

  add(network: number, pair: number, units: number): void {
    const key = pair * this.#count + network
    if (key !== this.#lastKey) {
      this.#lastKey = key
      this.#last = this.#rowOf(key, network, pair)
    }
    this.columns.units[this.#last]! += units
  }

  #rowOf(key: number, network: number, pair: number): number {
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const { networks, pairs, units } = this.columns
    networks.push(network)
    pairs.push(pair)
    const row = units.push(0) - 1
    this.#rows.set(key, row)
    return row
  }
}
