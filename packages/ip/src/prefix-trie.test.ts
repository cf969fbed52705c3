import fc from 'fast-check'
import { readAddress } from './address.ts'
import { BinaryTrie } from './binary-trie.ts'
import { buildPrefixTrie } from './build-prefix-trie.ts'
import { containsAddress, maskAddress, type Prefix, readPrefix } from './prefix.ts'
import { findLeaf, leafClass, leafLength, TABLE_WORDS } from './prefix-trie.ts'

type Rule = readonly [prefix: string, number: number]

function build(rules: readonly { readonly prefix: Prefix; readonly number: number }[]): Uint32Array {
  const trie = new BinaryTrie()
  const roots = { ipv4: 0, ipv6: 0 }
  for (const { prefix, number } of [...rules].sort((a, b) => a.prefix.length - b.prefix.length)) {
    const family = prefix.address.length === 4 ? 'ipv4' : 'ipv6'
    roots[family] = trie.withPrefix(roots[family], prefix, number)
  }
  return buildPrefixTrie(trie, roots)
}

const read = (rules: readonly Rule[]) =>
  build(rules.map(([text, number]) => ({ prefix: readPrefix(text)!.prefix, number })))

/** `class/length` of the leaf that holds the address. */
function find(words: Uint32Array, address: Uint8Array): string {
  const leaf = findLeaf(words, address, 0, address.length === 4 ? 4 : 6)
  return `${leafClass(leaf)}/${leafLength(leaf)}`
}

const NETWORKS: readonly Rule[] = [
  ['10.0.0.0/8', 1],
  ['10.1.0.0/16', 2],
  ['10.2.0.0/16', 1],
  ['192.0.2.0/24', 3],
  ['2001:db8::/32', 4],
]
const HALVES: readonly Rule[] = [
  ['0.0.0.0/1', 1],
  ['128.0.0.0/1', 2],
]
const MERGED: readonly Rule[] = [
  ['10.222.0.0/16', 1],
  ...Array.from({ length: 8 }, (_, i): Rule => [`10.223.${i * 32}.0/19`, 1]),
]
const NESTED: readonly Rule[] = [
  ['1234::/16', 2],
  ['1234:8000::/17', 1],
  ['1234:c000::/18', 2],
  ['1234:ffff::/32', 1],
  ['1234:ffff:1234::/48', 2],
]
const HOST: readonly Rule[] = [
  ['198.0.0.0/8', 1],
  ['198.7.5.64/32', 2],
]

describe('the leaf of an address', () => {
  test.each([
    // Neighbours of one class are one prefix: 10.2/16 says the same as the /8 around it, so only 10.1/16 splits it.
    [NETWORKS, '10.5.0.0', '1/14'],
    [NETWORKS, '10.1.2.0', '2/16'],
    [NETWORKS, '10.2.3.4', '1/15'],
    [NETWORKS, '10.0.0.0', '1/16'],
    [NETWORKS, '10.128.0.0', '1/9'],
    [NETWORKS, '11.0.0.0', '0/8'],
    [NETWORKS, '8.8.8.8', '0/7'],
    [NETWORKS, '192.0.2.255', '3/24'],
    [NETWORKS, '192.0.3.0', '0/24'],
    [NETWORKS, '2001:db8::', '4/32'],
    [NETWORKS, '2001:db9::', '0/32'],
    [NETWORKS, '2600::', '0/6'],
    [HALVES, '10.10.0.0', '1/1'],
    [HALVES, '200.0.0.0', '2/1'],
    [[...HALVES, ['10.1.0.0/16', 3]] as Rule[], '10.5.0.0', '1/14'],
    [[...HALVES, ['10.1.0.0/16', 3]] as Rule[], '10.1.5.0', '3/16'],
    [[...HALVES, ['10.1.0.0/16', 3]] as Rule[], '10.0.5.0', '1/16'],
    [MERGED, '10.223.128.177', '1/15'],
    [NESTED, '1234:f::', '2/17'],
    [NESTED, '1234:8000::1', '1/18'],
    [NESTED, '1234:cfff::', '2/19'],
    [NESTED, '1234:ffff::1', '1/36'],
    [NESTED, '1234:ffff:1234:ffff::', '2/48'],
    [NESTED, '1234:ffff:1235::', '1/48'],
    [HOST, '198.7.5.63', '1/26'],
    [HOST, '198.7.5.64', '2/32'],
    [HOST, '198.7.5.65', '1/32'],
    [HOST, '198.7.6.0', '1/23'],
    [[], '203.0.113.1', '0/0'],
    [[['0.0.0.0/0', 9]] as Rule[], '203.0.113.1', '9/0'],
    [[['::1/128', 0xfffffe]] as Rule[], '::1', '16777214/128'],
    [[['::1/128', 0xfffffe]] as Rule[], '::', '0/128'],
    [[['::1/128', 0xfffffe]] as Rule[], '::2', '0/127'],
  ] as const)('of %j, %s is in %s', (rules, address, leaf) => {
    expect(find(read(rules), readAddress(address)!)).toBe(leaf)
  })

  test('is found at any offset of a larger buffer', () => {
    const words = read(NETWORKS)
    const packet = Uint8Array.of(255, 10, 1, 2, 3, 255)
    expect(leafClass(findLeaf(words, packet, 1, 4))).toBe(2)
  })

  test('is a small integer even for a host of IPv6, so that it is never boxed', () => {
    const leaf = findLeaf(read([['::1/128', 5]]), readAddress('::1')!, 0, 6)
    expect(leaf | 0).toBe(leaf)
  })
})

describe('the words of a trie', () => {
  test('lie on shared memory', () => {
    expect(read(NETWORKS).buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  test('hold an equal node once: 128 networks that are split alike share theirs', () => {
    const words = read(Array.from({ length: 128 }, (_, i): Rule => [`198.7.${i * 2}.1/32`, 1]))
    // The node of 198.7/16 has 256 entries; that of each even /24 has /32, /32, then /31 to /25.
    expect(words.length - TABLE_WORDS * 2).toBe(10 + 256 + (10 + 9))
  })
})

/** Prefixes that are near one another, so that they nest and touch. */
function prefixOf(octets: 4 | 16): fc.Arbitrary<Prefix> {
  const octet = fc.constantFrom(0, 1, 2, 127, 128, 129, 254, 255)
  return fc
    .tuple(fc.array(octet, { minLength: octets, maxLength: octets }), fc.integer({ min: 0, max: octets * 8 }))
    .map(([address, length]) => ({ address: maskAddress(Uint8Array.from(address), length), length }))
}

const ruleSet = fc
  .constantFrom<4 | 16>(4, 16)
  .chain((octets) =>
    fc.record({
      rules: fc.uniqueArray(fc.record({ prefix: prefixOf(octets), number: fc.integer({ min: 0, max: 3 }) }), {
        maxLength: 24,
        selector: ({ prefix }) => `${prefix.address} ${prefix.length}`,
      }),
      probes: fc.array(prefixOf(octets), { minLength: 1, maxLength: 24 }),
    }),
  )
  // The edges of the rules are where the mistakes are.
  .map(({ rules, probes }) => ({
    rules,
    addresses: [...probes, ...rules.map(({ prefix }) => prefix)].flatMap((prefix) => [prefix.address, last(prefix)]),
  }))

function last({ address, length }: Prefix): Uint8Array {
  return address.map((octet, i) => octet | (0xff >> Math.max(0, Math.min(8, length - i * 8))))
}

function scan(rules: readonly { prefix: Prefix; number: number }[], address: Uint8Array): number {
  let longest = -1
  let number = 0
  for (const rule of rules) {
    if (rule.prefix.length <= longest || !containsAddress(rule.prefix, address)) continue
    longest = rule.prefix.length
    number = rule.number
  }
  return number
}

describe('for any rules', () => {
  test('the class is that of the longest prefix that holds the address', () => {
    fc.assert(
      fc.property(ruleSet, ({ rules, addresses }) => {
        const words = build(rules)
        for (const address of addresses) {
          const leaf = findLeaf(words, address, 0, address.length === 4 ? 4 : 6)
          expect(leafClass(leaf)).toBe(scan(rules, address))
        }
      }),
    )
  })

  test('every address inside the length of a leaf has its class', () => {
    fc.assert(
      fc.property(ruleSet, ({ rules, addresses }) => {
        const words = build(rules)
        for (const address of addresses) {
          const leaf = findLeaf(words, address, 0, address.length === 4 ? 4 : 6)
          const scope = { address: maskAddress(address, leafLength(leaf)), length: leafLength(leaf) }
          const inside = [scope.address, last(scope), ...addresses.filter((other) => containsAddress(scope, other))]
          for (const other of inside) expect(findLeaf(words, other, 0, other.length === 4 ? 4 : 6)).toBe(leaf)
        }
      }),
    )
  })

  test('no leaf could be wider: what stands beside it is another class, or split', () => {
    fc.assert(
      fc.property(ruleSet, ({ rules, addresses }) => {
        const words = build(rules)
        for (const address of addresses) {
          const leaf = findLeaf(words, address, 0, address.length === 4 ? 4 : 6)
          const length = leafLength(leaf)
          if (length === 0) continue
          const sibling = maskAddress(address, length)
          sibling[(length - 1) >> 3] = sibling[(length - 1) >> 3]! ^ (0x80 >> ((length - 1) & 7))
          const beside = findLeaf(words, sibling, 0, sibling.length === 4 ? 4 : 6)
          expect(leafLength(beside)).toBeGreaterThanOrEqual(length)
          expect(beside).not.toBe(leaf)
        }
      }),
    )
  })
})
