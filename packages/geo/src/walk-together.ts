import { type BinaryTrie, findLeaf, leafClass, leafLength, type TrieRoots } from '@windrose/ip'

/** An address space with a number for each address. */
export interface NumberedSpace extends TrieRoots {
  readonly trie: BinaryTrie
}

/** What is walked together. A client map that is left out has one class, 0, for everybody. */
export interface WalkedSpace {
  readonly places: NumberedSpace
  /** Left out, every address is in network 0. */
  readonly networks?: NumberedSpace | undefined
  /** The words of a client map's trie, before and after a change; the same words where nothing changes in them. */
  readonly before?: Uint32Array | undefined
  readonly after?: Uint32Array | undefined
}

/** Called with each part of the space: its numbers, its classes, and the length of its prefix. */
export type VisitPart = (place: number, network: number, before: number, after: number, length: number) => void

/**
 * Divides the address space of a family into prefixes in each of which nothing changes: neither the place, nor the network,
 * nor the client class of either map. Each address is in exactly one of them; they come in the order of addresses.
 *
 * The binary tries are gone down bit by bit. The maps' flat ones are asked for the leaf of a part's first address, and
 * again only where that leaf does not reach over the whole part: classes cover more than places do, so that is seldom.
 */
export function walkTogether(space: WalkedSpace, family: 4 | 6, visit: VisitPart): void {
  new Walk(space, family, visit).walk()
}

class Walk {
  readonly #places: BinaryTrie
  readonly #networks: BinaryTrie
  readonly #roots: { readonly places: number; readonly networks: number }
  readonly #before: Uint32Array | undefined
  readonly #after: Uint32Array | undefined
  readonly #family: 4 | 6
  readonly #visit: VisitPart
  /** The first address of the part that the walk is at. */
  readonly #octets: Uint8Array = new Uint8Array(16)

  constructor({ places, networks, before, after }: WalkedSpace, family: 4 | 6, visit: VisitPart) {
    const root = family === 4 ? 'ipv4' : 'ipv6'
    this.#places = places.trie
    this.#networks = networks?.trie ?? places.trie
    this.#roots = { places: places[root], networks: networks?.[root] ?? 0 }
    this.#before = before
    this.#after = after
    this.#family = family
    this.#visit = visit
  }

  walk(): void {
    const { places, networks } = this.#roots
    // What one map says is looked up once.
    if (this.#after === this.#before) this.#walkOne(places, networks, 0, this.#leaf(this.#before))
    else this.#walkTwo(places, networks, 0, this.#leaf(this.#before), this.#leaf(this.#after))
  }

  /** `leaf` is that of the part's first address. */
  #walkOne(place: number, network: number, depth: number, leaf: number): void {
    const isWhole = leafLength(leaf) <= depth
    if (isWhole && place >= 0 && network >= 0) {
      this.#visit(place, network, leafClass(leaf), leafClass(leaf), depth)
      return
    }
    this.#walkOne(this.#place(place, 0), this.#network(network, 0), depth + 1, leaf)
    this.#flip(depth)
    const second = isWhole ? leaf : this.#leaf(this.#before)
    this.#walkOne(this.#place(place, 1), this.#network(network, 1), depth + 1, second)
    this.#flip(depth)
  }

  #walkTwo(place: number, network: number, depth: number, before: number, after: number): void {
    const isBeforeWhole = leafLength(before) <= depth
    const isAfterWhole = leafLength(after) <= depth
    if (isBeforeWhole && isAfterWhole && place >= 0 && network >= 0) {
      this.#visit(place, network, leafClass(before), leafClass(after), depth)
      return
    }
    this.#walkTwo(this.#place(place, 0), this.#network(network, 0), depth + 1, before, after)
    this.#flip(depth)
    const secondBefore = isBeforeWhole ? before : this.#leaf(this.#before)
    const secondAfter = isAfterWhole ? after : this.#leaf(this.#after)
    this.#walkTwo(this.#place(place, 1), this.#network(network, 1), depth + 1, secondBefore, secondAfter)
    this.#flip(depth)
  }

  #leaf(words: Uint32Array | undefined): number {
    return words === undefined ? 0 : findLeaf(words, this.#octets, 0, this.#family)
  }

  /** The halves of a leaf are like the whole. */
  #place(reference: number, bit: number): number {
    return reference < 0 ? this.#places.half(reference, bit) : reference
  }

  #network(reference: number, bit: number): number {
    return reference < 0 ? this.#networks.half(reference, bit) : reference
  }

  #flip(depth: number): void {
    this.#octets[depth >> 3]! ^= 0x80 >> (depth & 7)
  }
}
