import { printName, Rtype } from '@windrose/dns'
import { compileZones } from './compile-zones.ts'
import { findNode, findNodeByName } from './find-node.ts'
import {
  isZoneImage,
  negativeTtl,
  nodeCount,
  nodeCut,
  nodeFirstRrset,
  nodeOwner,
  nodeRrset,
  nodeRrsetCount,
  nodeService,
  nodeZone,
  rdataLength,
  rdataStart,
  rrsetCount,
  rrsetNode,
  rrsetOwner,
  rrsetSize,
  rrsetTtl,
  rrsetType,
  zoneApex,
  zoneApexLength,
  zoneCount,
  zoneNs,
  zoneSoa,
} from './image.ts'
import type { ZoneImage } from './image-layout.ts'
import { QnameScan, scanName } from './qname-scan.ts'
import { nameOf, zoneOf } from './zones.arbitraries.ts'

const zones = [
  zoneOf('example.org.', 'WWW.Deep 60 A 192.0.2.1\nwww.deep 60 A 192.0.2.2\nsub NS ns.Sub\nns.sub AAAA 2001:db8::53', [
    ['*', 5],
  ]),
  zoneOf('example.net.', 'x TXT "text"\nx MX 10 mail\nx A 192.0.2.3\nx AAAA ::1\nx HINFO "a" "b"\nx CAA 0 issue "a"'),
]
const image = compileZones(zones)

function node(name: string): number {
  return findNodeByName(image, nameOf(name))
}

function rdataOf(of: ZoneImage, rrset: number, i: number): number[] {
  const start = rdataStart(of, rrset, i)
  return [...of.octets.subarray(start, start + rdataLength(of, rrset, i))]
}

describe('an image', () => {
  test('lies on memory that threads share', () => {
    expect(image.words.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(image.octets.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  test('is known by its first words', () => {
    expect(isZoneImage(image)).toBe(true)
    expect(isZoneImage({ words: new Int32Array(16), octets: new Uint8Array(0) })).toBe(false)
    const older = image.words.slice()
    older[1] = 0
    expect(isZoneImage({ words: older, octets: image.octets })).toBe(false)
  })

  test('is the same for the same zones', () => {
    const again = compileZones(zones)
    expect(again.words).toEqual(image.words)
    expect(again.octets).toEqual(image.octets)
  })

  test('says how much it holds', () => {
    expect(zoneCount(image)).toBe(2)
    // example.org: apex, www.deep, deep, sub, ns.sub, *; example.net: apex, x
    expect(nodeCount(image)).toBe(8)
    expect(rrsetCount(image)).toBe(2 + 1 + 1 + 1 + 2 + 6)
  })

  test('holds the apex, the SOA record, the NS records and the negative TTL of each zone', () => {
    for (const [zone, apex] of ['example.org.', 'example.net.'].entries()) {
      expect(zoneApex(image, zone)).toBe(node(apex))
      expect(zoneApexLength(image, zone)).toBe(13)
      expect(rrsetType(image, zoneSoa(image, zone))).toBe(Rtype.SOA)
      expect(rrsetType(image, zoneNs(image, zone))).toBe(Rtype.NS)
      expect(rrsetNode(image, zoneNs(image, zone))).toBe(node(apex))
      expect(rrsetTtl(image, zoneSoa(image, zone))).toBe(3600)
      expect(negativeTtl(image, zone)).toBe(60)
      expect(nodeZone(image, node(apex))).toBe(zone)
    }
  })

  test('finds names in any case and keeps them as they were written first', () => {
    const www = node('www.deep.example.ORG.')
    expect(printName(image.octets, nodeOwner(image, www).start)).toBe('WWW.Deep.example.org.')
    expect(nodeOwner(image, www).length).toBe(22)
    expect(nodeZone(image, www)).toBe(0)
    expect(nodeService(image, www)).toBe(-1)
    expect(printName(image.octets, nodeOwner(image, node('deep.example.org.')).start)).toBe('Deep.example.org.')
  })

  test('holds the records of an RRset in the order of the file', () => {
    const rrset = nodeRrset(image, node('www.deep.example.org.'), Rtype.A)
    expect([rrsetSize(image, rrset), rrsetTtl(image, rrset)]).toEqual([2, 60])
    expect([rdataOf(image, rrset, 0), rdataOf(image, rrset, 1)]).toEqual([
      [192, 0, 2, 1],
      [192, 0, 2, 2],
    ])
    expect(rrsetOwner(image, rrset)).toEqual(nodeOwner(image, node('www.deep.example.org.')))
  })

  test('holds the RRsets of a name side by side in the order of their types', () => {
    const x = node('x.example.net.')
    const first = nodeFirstRrset(image, x)
    expect(nodeRrsetCount(image, x)).toBe(6)
    const types = Array.from({ length: 6 }, (_, i) => rrsetType(image, first + i))
    expect(types).toEqual([Rtype.A, Rtype.HINFO, Rtype.MX, Rtype.TXT, Rtype.AAAA, Rtype.CAA])
    for (const [i, type] of types.entries()) expect(nodeRrset(image, x, type)).toBe(first + i)
    expect(nodeRrset(image, x, Rtype.SRV)).toBe(-1)
    // The type after the last is another node's, or nobody's.
    expect(nodeRrset(image, node('deep.example.org.'), Rtype.NS)).toBe(-1)
    expect(nodeRrset(image, node('deep.example.org.'), 0)).toBe(-1)
  })

  test('finds glue below a cut, and says that it is not authoritative', () => {
    const glue = node('ns.sub.example.org.')
    const rrset = nodeRrset(image, glue, Rtype.AAAA)
    expect(rdataOf(image, rrset, 0)).toEqual([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53])
    expect(nodeCut(image, glue)).toBe(node('sub.example.org.'))
    expect(nodeCut(image, node('sub.example.org.'))).toBe(node('sub.example.org.'))
    expect(nodeCut(image, node('example.org.'))).toBe(-1)
    expect(nodeCut(image, node('deep.example.org.'))).toBe(-1)
  })

  test('knows the service of a steered name', () => {
    expect(nodeService(image, node('*.example.org.'))).toBe(5)
  })

  test('finds nothing where nothing is', () => {
    expect(node('nope.example.org.')).toBe(-1)
    expect(node('org.')).toBe(-1)
    expect(node('.')).toBe(-1)
    expect(findNodeByName(image, Uint8Array.from([0xc0, 0]))).toBe(-1)
  })

  test('of two zones with one apex holds the first, and both numbers lead there', () => {
    const both = compileZones([zoneOf('example.', 'a TXT "x"'), zoneOf('Example.', 'b TXT "x"')])
    expect(zoneApex(both, 1)).toBe(zoneApex(both, 0))
    expect(zoneSoa(both, 1)).toBe(zoneSoa(both, 0))
    expect(negativeTtl(both, 1)).toBe(60)
    expect(findNodeByName(both, nameOf('a.example.'))).toBeGreaterThan(0)
    expect(findNodeByName(both, nameOf('b.example.'))).toBe(-1)
  })
})

test('a zone of 100,000 names is compiled and every name is found', () => {
  const base = zoneOf('example.org.', '')
  const [soa, ns] = base.records
  const names = Array.from({ length: 100_000 }, (_, i) => nameOf(`host${i}.app.example.org.`))
  const hosts = names.map((owner, i) => ({
    ...ns!,
    owner,
    rtype: Rtype.A,
    rdata: Uint8Array.from([10, i >> 16, i >> 8, i]),
  }))
  const started = performance.now()
  const large = compileZones([{ ...base, records: [soa!, ns!, ...hosts] }])
  const compiled = performance.now()
  const scan = new QnameScan()
  let wrong = 0
  names.forEach((name, i) => {
    const found = scanName(name, scan) ? findNode(large, scan) : -1
    const rrset = found < 0 ? -1 : nodeRrset(large, found, Rtype.A)
    if (rrset < 0 || large.octets[rdataStart(large, rrset, 0) + 3] !== (i & 0xff)) wrong++
  })
  expect(wrong).toBe(0)
  expect(nodeCount(large)).toBe(100_002)
  console.info(
    `100,000 names: compiled in ${Math.round(compiled - started)} ms, found in ${Math.round(performance.now() - compiled)} ms`,
  )
})
