import { BinaryTrie } from './binary-trie.ts'
import { readPrefix } from './prefix.ts'

const prefix = (text: string) => readPrefix(text)!.prefix

describe('a binary trie', () => {
  test('merges equal sibling leaves, and no others', () => {
    const trie = new BinaryTrie()
    expect(trie.join(7, 7)).toBe(7)
    const node = trie.join(7, 8)
    expect(node).toBeLessThan(0)
    expect([trie.half(node, 0), trie.half(node, 1)]).toEqual([7, 8])
  })

  test('never merges two nodes into one leaf, though they be the same node', () => {
    const trie = new BinaryTrie()
    const node = trie.join(1, 2)
    const twice = trie.join(node, node)
    expect([trie.half(twice, 0), trie.half(twice, 1)]).toEqual([node, node])
  })

  test('is a single leaf again when the last difference is laid over', () => {
    const trie = new BinaryTrie()
    let root = trie.withPrefix(0, prefix('10.1.0.0/16'), 5)
    root = trie.withPrefix(root, prefix('192.0.2.1/32'), 6)
    root = trie.withPrefix(root, prefix('10.0.0.0/8'), 0)
    expect(trie.withPrefix(root, prefix('192.0.2.0/24'), 0)).toBe(0)
  })

  test('leaves the trie that it was laid over as it was', () => {
    const trie = new BinaryTrie(1)
    const before = trie.withPrefix(0, prefix('128.0.0.0/1'), 3)
    const after = trie.withPrefix(before, prefix('128.0.0.0/2'), 4)
    expect([trie.half(before, 0), trie.half(before, 1)]).toEqual([0, 3])
    expect(trie.half(trie.half(after, 1), 0)).toBe(4)
  })
})
