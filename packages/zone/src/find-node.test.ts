import { printName } from '@windrose/dns'
import { compileZones } from './compile-zones.ts'
import { findNode, findNodeByName } from './find-node.ts'
import { hashName } from './hash-name.ts'
import { nodeOwner } from './image.ts'
import { QnameScan, scanName } from './qname-scan.ts'
import { ask, nameOf, zoneOf } from './zones.arbitraries.ts'

function hashOf(name: string): number {
  const scan = new QnameScan()
  scanName(nameOf(name), scan)
  return hashName(scan.view, scan.start, scan.length)
}

// Found by trying. They have to be found again when the hash changes: the first expectation says so.
describe.each([
  ['hfugbtmbg.example.', 'hjvnuflecd.example.'],
  ['kqilgdjxnem.example.', 'ylxjnieanek.example.'],
])('%s and %s, names with one hash,', (one, other) => {
  test('are told apart when both exist', () => {
    expect(hashOf(one)).toBe(hashOf(other))
    const image = compileZones([zoneOf('example.', `${one} TXT "1"\n${other} A 192.0.2.2`)])
    for (const name of [one, other]) {
      expect(printName(image.octets, nodeOwner(image, findNodeByName(image, nameOf(name))).start)).toBe(name)
    }
  })

  test('are told apart when one exists', () => {
    const image = compileZones([zoneOf('example.', `${one} TXT "1"`)])
    expect(ask(image, `${other} TXT`)).toBe('nxdomain below example. in example.')
    expect(ask(image, `x.${other} TXT`)).toBe('nxdomain below example. in example.')
  })
})

test('a failed scan finds no node', () => {
  const image = compileZones([zoneOf('example.', '')])
  const scan = new QnameScan()
  expect(scanName(Uint8Array.from([0xc0, 0]), scan)).toBe(false)
  expect(findNode(image, scan)).toBe(-1)
})
