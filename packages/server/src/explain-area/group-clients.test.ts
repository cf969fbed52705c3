import { BinaryTrie, buildPrefixTrie, findLeaf, leafClass, type Prefix, printPrefix } from '@windrose/ip'
import { type ClientMap, UNPLACED } from '@windrose/steering'
import fc from 'fast-check'
import { groupClients } from './group-clients.ts'

/** Prefixes of at most so many bits: a space of 4,096 cells can be counted one by one. */
const CELL_BITS = 12

const anyPrefix: fc.Arbitrary<Prefix> = fc
  .tuple(fc.nat(2 ** CELL_BITS - 1), fc.integer({ min: 1, max: CELL_BITS }))
  .map(([cell, length]) => ({ address: addressOf((cell >> (CELL_BITS - length)) << (CELL_BITS - length)), length }))

const anySpace = fc.array(fc.tuple(anyPrefix, fc.nat(3)), { maxLength: 12 }).map((prefixes) => {
  const trie = new BinaryTrie()
  const root = prefixes.reduce((laid, [prefix, number]) => trie.withPrefix(laid, prefix, number), 0)
  return { trie, ipv4: root, ipv6: 0 }
})

function addressOf(cell: number): Uint8Array {
  return Uint8Array.of(cell >> 4, (cell & 15) << 4, 0, 0)
}

function mapOf({ trie, ...roots }: { trie: BinaryTrie; ipv4: number; ipv6: number }): ClientMap {
  return { trie: buildPrefixTrie(trie, roots), classes: [0, 1, 2, 3].map((rule) => ({ ...UNPLACED, rule })) }
}

test('the clients of an area are counted by their classes in all maps, each once', () => {
  const anyMaps = fc.array(anySpace, { maxLength: 3 })
  fc.assert(
    fc.property(anySpace, anyMaps, fc.subarray([0, 1, 2, 3]), (space, spaces, numbers) => {
      const members = new Set(numbers)
      const places = mapOf(space)
      const maps = spaces.map(mapOf)
      const classIn = (map: ClientMap, cell: number): number => leafClass(findLeaf(map.trie, addressOf(cell), 0, 4))
      const counted = new Map<string, number>()
      for (let cell = 0; cell < 2 ** CELL_BITS; cell++) {
        if (!members.has(classIn(places, cell))) continue
        const key = maps.map((map) => classIn(map, cell)).join()
        counted.set(key, (counted.get(key) ?? 0) + 2 ** (24 - CELL_BITS))
      }
      // Whether IPv6 is of the area, all of it is one place.
      const groups = groupClients({ space, members }, maps).filter(({ units }) => units.ipv4 > 0)
      const found = groups.map(({ units, example }) => {
        expect(example.length).toBe(24)
        return [maps.map(({ trie }) => leafClass(findLeaf(trie, example.address, 0, 4))).join(), units.ipv4]
      })
      expect(new Map(found as [string, number][])).toEqual(counted)
      expect(groups.map(({ units }) => units.ipv4)).toEqual(
        groups.map(({ units }) => units.ipv4).toSorted((a, b) => b - a),
      )
    }),
    { numRuns: 60 },
  )
})

test('the example is a network as a resolver names it, in the longest run of addresses', () => {
  const trie = new BinaryTrie()
  const prefix = (text: string): Prefix => {
    const [address, length] = text.split('/')
    return { address: Uint8Array.from(address!.split('.').map(Number)), length: Number(length) }
  }
  const root = ['80.1.2.3/32', '81.0.0.0/9'].reduce((laid, text) => trie.withPrefix(laid, prefix(text), 1), 0)
  const [group] = groupClients({ space: { trie, ipv4: root, ipv6: 0 }, members: new Set([1]) }, [])
  expect(group!.units).toEqual({ ipv4: 2 ** 15 + 1 / 256, ipv6: 0 })
  expect(printPrefix(group!.example)).toBe('81.0.0.0/24')
})
