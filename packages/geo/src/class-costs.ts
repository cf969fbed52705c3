import { type BinaryTrie, SPECIAL_PURPOSE, type TrieRoots } from '@windrose/ip'
import { type ClassCosts, SPECIAL_CLASS } from '@windrose/steering'
import { arcKm, unitVector } from './great-circle.ts'
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
  const ipv4 = countBlocks(placeMap, classTrie, 'ipv4')
  const ipv6 = countBlocks(placeMap, classTrie, 'ipv6')
  const km = sharedFloats(Float32Array, classTrie.classes * byIndex.length).fill(Number.NaN)
  const points = byIndex.map(unitVector)
  const isPlaced = (pair: number): boolean => placeMap.places.hasPoint(placeOf(pair))
  const placedByIpv4 = new Set([...ipv4.keys()].filter(isPlaced).map(classOf))
  const sums = new Float64Array(km.length)
  const weights = new Float64Array(classTrie.classes)
  for (const blocks of [ipv4, ipv6]) {
    for (const [pair, count] of blocks) {
      const number = classOf(pair)
      if (!isPlaced(pair) || (blocks === ipv6 && placedByIpv4.has(number))) continue
      const at = unitVector(placeMap.places.coordinates(placeOf(pair)))
      weights[number]! += count
      for (const [column, point] of points.entries()) sums[number * points.length + column]! += arcKm(at, point) * count
    }
  }
  for (let cell = 0; cell < km.length; cell++) {
    const weight = weights[Math.floor(cell / points.length)]!
    if (weight > 0) km[cell] = sums[cell]! / weight
  }
  return {
    sites: byIndex.map(({ index }) => index),
    km,
    blocks4: sumByClass(ipv4, classTrie.classes),
    blocks6: sumByClass(ipv6, classTrie.classes),
  }
}

/** Blocks by class and place, which are one number. */
type Blocks = Map<number, number>

const PLACES = 2 ** 24
const placeOf = (pair: number): number => pair % PLACES
const classOf = (pair: number): number => Math.floor(pair / PLACES)

/** Blocks in a whole family. */
const ALL_BLOCKS = { ipv4: 2 ** 24, ipv6: 2 ** 48 } as const

function countBlocks(placeMap: PlaceMap, classTrie: ClassTrie, family: 'ipv4' | 'ipv6'): Blocks {
  const blocks: Blocks = new Map()
  const count = (classes: number, places: number, size: number): void => {
    if (classes === SPECIAL_CLASS) return
    if (classes >= 0 && places >= 0) {
      const pair = classes * PLACES + places
      blocks.set(pair, (blocks.get(pair) ?? 0) + size)
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

function sumByClass(blocks: Blocks, classes: number): Float64Array {
  const sums = sharedFloats(Float64Array, classes)
  for (const [pair, count] of blocks) sums[classOf(pair)]! += count
  return sums
}

/** On shared memory: a snapshot is sent to every thread. */
function sharedFloats<Floats extends Float32Array | Float64Array>(
  type: { new (buffer: SharedArrayBuffer): Floats; readonly BYTES_PER_ELEMENT: number },
  length: number,
): Floats {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT))
}
