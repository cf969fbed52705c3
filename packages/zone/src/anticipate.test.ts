import { anticipateNodes, likelyHash, NO_NODE } from './anticipate.ts'
import { compileZones } from './compile-zones.ts'
import { findNodeByName } from './find-node.ts'
import { nodeFirstRrset, nodeService } from './image.ts'
import { nameOf, zoneOf } from './zones.arbitraries.ts'

const NAMES = Array.from({ length: 100 }, (_, i) => `n${i}.a.example.`)
const image = compileZones([zoneOf('example.', NAMES.map((name) => `${name} A 192.0.2.1`).join('\n'))])

function anticipated(name: string): number {
  const octets = nameOf(name)
  const labels = name.split('.').length - 1
  const hashes = Int32Array.of(
    likelyHash(image, new DataView(octets.buffer, octets.byteOffset), 0, octets.length, labels),
  )
  anticipateNodes(image, hashes, 1)
  return hashes[0]!
}

test('the nodes of most names are found by their hash alone, in any case; no other is taken for none', () => {
  const right = NAMES.filter((name) => {
    const node = findNodeByName(image, nameOf(name))
    expect(nodeService(image, node)).toBe(-1)
    const found = anticipated(name)
    expect(anticipated(name.toUpperCase())).toBe(found)
    expect(found).not.toBe(NO_NODE)
    return found === ~nodeFirstRrset(image, node)
  })
  // The index is half full, and only the first slot is looked at.
  expect(right.length).toBeGreaterThan(60)
})

test('of a name with more labels than any that exists, the suffix is looked at that may exist', () => {
  expect(anticipated('x.y.n7.a.example.')).toBe(anticipated('n7.a.example.'))
})

test('where the index has nothing there is nothing to read', () => {
  const empty = Array.from({ length: 50 }, (_, i) => anticipated(`none${i}.example.`)).filter(
    (found) => found === NO_NODE,
  )
  expect(empty.length).toBeGreaterThan(20)
})
