import { type BinaryTrie, SPECIAL_PURPOSE, type TrieRoots } from '@windrose/ip'
import { type ClassCosts, SPECIAL_CLASS } from '@windrose/steering'
import { arcKm, type Coordinates, type UnitVector, unitVector } from './great-circle.ts'
import type { PlaceMap } from './place-map.ts'
import type { PlacedSite } from './site-order.ts'

/** The classes of all addresses. */
export interface ClassTrie extends TrieRoots {
  readonly trie: BinaryTrie
  /** How many classes there are. */
  readonly classes: number
}

/**
 * How far each class is from each site, and how large it is: every address is counted, in blocks of a /24 or a /48.
 *
 * A distance is the mean over the class's IPv4 addresses that the databases place, by blocks. Where it has none, over its
 * IPv6 addresses: what a network was allotted of IPv6 says little of how many clients it has.
 */
export function measureClasses(placeMap: PlaceMap, sites: readonly PlacedSite[], classTrie: ClassTrie): ClassCosts {
  const byIndex = [...sites].sort((a, b) => a.index - b.index)
  const { classes } = classTrie
  const [ipv4, ipv6] = [countBlocks(placeMap, classTrie, 'ipv4'), countBlocks(placeMap, classTrie, 'ipv6')]
  const distances = new MeanDistances(byIndex, classes)
  const addPlaced = (blocks: BlockCounts, isAsked: (number: number) => boolean): void => {
    blocks.forEach((number, place, count) => {
      if (placeMap.places.hasPoint(place) && isAsked(number))
        distances.add(number, placeMap.places.coordinates(place), count)
    })
  }
  addPlaced(ipv4, () => true)
  const placedByIpv4 = distances.weights.slice()
  addPlaced(ipv6, (number) => placedByIpv4[number] === 0)
  return {
    sites: byIndex.map(({ index }) => index),
    km: distances.means(),
    blocks4: sumByClass(ipv4, classes),
    blocks6: sumByClass(ipv6, classes),
  }
}

/** Distances of classes from sites, each place with the weight of its blocks. */
class MeanDistances {
  /** By class. */
  readonly weights: Float64Array
  readonly #points: readonly UnitVector[]
  /** By class, then by site. */
  readonly #sums: Float64Array

  constructor(sites: readonly Coordinates[], classes: number) {
    this.#points = sites.map(unitVector)
    this.weights = new Float64Array(classes)
    this.#sums = new Float64Array(classes * sites.length)
  }

  add(number: number, place: Coordinates, weight: number): void {
    const at = unitVector(place)
    const first = number * this.#points.length
    for (let i = 0; i < this.#points.length; i++) this.#sums[first + i]! += arcKm(at, this.#points[i]!) * weight
    this.weights[number]! += weight
  }

  /** NaN for a class that nothing was added to. */
  means(): Float32Array {
    const sums = this.#sums
    const km = sharedFloats(Float32Array, sums.length)
    for (let i = 0; i < sums.length; i++) km[i] = sums[i]! / this.weights[Math.floor(i / this.#points.length)]!
    return km
  }
}

/** Blocks by class and place. Nearly every place is of one class, and only what lies under a rule or an area is of more. */
class BlockCounts {
  /** By place: the class that was counted first, -1 for none, and its blocks. */
  readonly #firstClass: Int32Array
  readonly #firstCount: Float64Array
  readonly #others: Map<number, number> = new Map()

  constructor(places: number) {
    this.#firstClass = new Int32Array(places).fill(-1)
    this.#firstCount = new Float64Array(places)
  }

  add(number: number, place: number, blocks: number): void {
    if (this.#firstClass[place] === -1) this.#firstClass[place] = number
    if (this.#firstClass[place] === number) {
      this.#firstCount[place]! += blocks
    } else {
      const pair = number * PLACES_MAX + place
      this.#others.set(pair, (this.#others.get(pair) ?? 0) + blocks)
    }
  }

  forEach(visit: (number: number, place: number, blocks: number) => void): void {
    for (const [place, number] of this.#firstClass.entries()) {
      if (number !== -1) visit(number, place, this.#firstCount[place]!)
    }
    for (const [pair, blocks] of this.#others) visit(Math.floor(pair / PLACES_MAX), pair % PLACES_MAX, blocks)
  }
}

/** More than there are records in any database. */
const PLACES_MAX = 2 ** 28

/** Blocks in a whole family. */
const ALL_BLOCKS = { ipv4: 2 ** 24, ipv6: 2 ** 48 } as const

function countBlocks(placeMap: PlaceMap, classTrie: ClassTrie, family: 'ipv4' | 'ipv6'): BlockCounts {
  const blocks = new BlockCounts(placeMap.places.size)
  const count = (classes: number, places: number, size: number): void => {
    if (classes === SPECIAL_CLASS) return
    if (classes >= 0 && places >= 0) {
      blocks.add(classes, places, size)
      return
    }
    for (const bit of [0, 1]) {
      const half = classes < 0 ? classTrie.trie.half(classes, bit) : classes
      count(half, places < 0 ? placeMap.trie.half(places, bit) : places, size / 2)
    }
  }
  count(classTrie[family], placesWithoutSpecial(placeMap, family), ALL_BLOCKS[family])
  return blocks
}

/** What a database says of special-purpose space is not where its clients are, whoever names them. */
function placesWithoutSpecial({ trie, ...roots }: PlaceMap, family: 'ipv4' | 'ipv6'): number {
  const octets = family === 'ipv4' ? 4 : 16
  return SPECIAL_PURPOSE.filter(({ address }) => address.length === octets).reduce(
    (root, prefix) => trie.withPrefix(root, prefix, 0),
    roots[family],
  )
}

function sumByClass(blocks: BlockCounts, classes: number): Float64Array {
  const sums = sharedFloats(Float64Array, classes)
  blocks.forEach((number, _place, count) => {
    sums[number]! += count
  })
  return sums
}

/** On shared memory: a snapshot is sent to every thread. */
function sharedFloats<Floats extends Float32Array | Float64Array>(
  type: { new (buffer: SharedArrayBuffer): Floats; readonly BYTES_PER_ELEMENT: number },
  length: number,
): Floats {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT))
}
