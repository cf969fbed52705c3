import { BinaryTrie, buildPrefixTrie, containsAddress, maskAddress, type Prefix } from '@windrose/ip'
import fc from 'fast-check'
import { type NumberedSpace, walkTogether } from './walk-together.ts'

/** A prefix with a number, laid over those before it. */
interface Laid {
  readonly prefix: Prefix
  readonly number: number
}

/** Prefixes that lie close together, of both families, down to single addresses. */
const anyLaid: fc.Arbitrary<readonly Laid[]> = fc.array(
  fc
    .record({
      octets: fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 16, maxLength: 16 }),
      isIpv4: fc.boolean(),
      share: fc.nat(1000),
      number: fc.nat(5),
    })
    .map(({ octets, isIpv4, share, number }) => {
      const address = Uint8Array.from(octets.slice(0, isIpv4 ? 4 : 16))
      const length = Math.round((share / 1000) * address.length * 8)
      return { prefix: { address: maskAddress(address, length), length }, number }
    }),
  { maxLength: 8 },
)

function spaceOf(laid: readonly Laid[]): NumberedSpace {
  const trie = new BinaryTrie()
  const roots = { ipv4: 0, ipv6: 0 }
  for (const { prefix, number } of laid) {
    const family = prefix.address.length === 4 ? 'ipv4' : 'ipv6'
    roots[family] = trie.withPrefix(roots[family], prefix, number)
  }
  return { trie, ...roots }
}

function wordsOf(laid: readonly Laid[] | undefined): Uint32Array | undefined {
  if (laid === undefined) return undefined
  const { trie, ...roots } = spaceOf(laid)
  return buildPrefixTrie(trie, roots)
}

function numberAt(laid: readonly Laid[] | undefined, address: Uint8Array): number {
  return (laid ?? []).findLast(({ prefix }) => containsAddress(prefix, address))?.number ?? 0
}

const anyLayers = fc.record({
  places: anyLaid,
  networks: fc.option(anyLaid, { nil: undefined }),
  before: fc.option(anyLaid, { nil: undefined }),
  after: fc.option(anyLaid, { nil: undefined }),
})
const anyFamily = fc.constantFrom<4 | 6>(4, 6)

test('every address is in one part, in order, and each part has the numbers of all its addresses', () => {
  fc.assert(
    fc.property(
      anyLayers,
      anyFamily,
      fc.array(fc.nat(255), { minLength: 16, maxLength: 16 }),
      (layers, family, noise) => {
        const bits = family === 4 ? 32n : 128n
        let next = 0n
        walkTogether(
          {
            places: spaceOf(layers.places),
            networks: layers.networks && spaceOf(layers.networks),
            before: wordsOf(layers.before),
            after: wordsOf(layers.after),
          },
          family,
          (place, network, before, after, length) => {
            const first = octetsOf(next, family)
            const last = first.map((octet, i) => octet | (0xff & ~maskAt(length, i)))
            const some = first.map((octet, i) => octet | (noise[i]! & ~maskAt(length, i)))
            const part = [place, network, before, after].join()
            for (const address of [first, some, last]) {
              const layersThere = [layers.places, layers.networks, layers.before, layers.after]
              const wanted = layersThere.map((laid) => numberAt(laid, address)).join()
              // An `expect` for each of so many costs more than all the rest.
              if (part !== wanted) throw new Error(`${address.join('.')} has ${wanted}, its part ${part}`)
            }
            next += 1n << (bits - BigInt(length))
          },
        )
        expect(next).toBe(1n << bits)
      },
    ),
    { numRuns: 50 },
  )
})

test('a map that is the same on both sides gives the same classes as two equal ones', () => {
  fc.assert(
    fc.property(anyLaid, anyLaid, anyFamily, (places, map, family) => {
      const parts = (before: Uint32Array, after: Uint32Array): string[] => {
        const found: string[] = []
        walkTogether({ places: spaceOf(places), before, after }, family, (...part) => found.push(part.join()))
        return found
      }
      const words = wordsOf(map)!
      expect(parts(words, words)).toEqual(parts(words, wordsOf(map)!))
    }),
  )
})

/** The octets of an address that is given as a number. */
function octetsOf(number: bigint, family: 4 | 6): Uint8Array {
  const size = family === 4 ? 4 : 16
  return Uint8Array.from({ length: size }, (_, i) => Number((number >> BigInt((size - 1 - i) * 8)) & 0xffn))
}

/** The octet at a position of a mask of so many bits. */
function maskAt(length: number, position: number): number {
  const bits = Math.min(8, Math.max(0, length - position * 8))
  return 0xff & (0xff00 >> bits)
}
