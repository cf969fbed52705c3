import fc from 'fast-check'
import { hashName } from './hash-name.ts'
import { QnameScan, scanName, scanQname } from './qname-scan.ts'
import { nameOf } from './zones.arbitraries.ts'

function scanOf(octets: Uint8Array, start = 0, end: number = octets.length): QnameScan | undefined {
  const scan = new QnameScan()
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  return scanQname(view, start, end, scan) ? scan : undefined
}

/** The hash of the suffix that begins with a label. */
function hashOf(scan: QnameScan, label = 0): number {
  const offset = scan.labelStart[label]!
  return hashName(scan.view, scan.start + offset, scan.length - offset)
}

describe('scanQname', () => {
  test('a name is cut into labels and measured, where it lies', () => {
    const scan = scanOf(nameOf('WwW.Example.ORG.'))!
    expect(scan.length).toBe(17)
    expect(scan.labels).toBe(3)
    expect([...scan.labelStart.subarray(0, 4)]).toEqual([0, 4, 12, 16])
    expect(scan.start).toBe(0)
  })

  test('the root has one octet and no label', () => {
    const scan = scanOf(nameOf('.'))!
    expect([scan.length, scan.labels, scan.labelStart[0]]).toEqual([1, 0, 0])
  })

  test('a name inside a packet is scanned where it lies', () => {
    const name = nameOf('a.example.')
    const packet = Uint8Array.from([...new Array(12).fill(0xff), ...name, 0, 1, 0, 1])
    expect(scanOf(packet, 12)!.length).toBe(name.length)
  })

  const label63 = 'x'.repeat(63)
  test.each([
    ['a pointer', [0xc0, 12]],
    ['a pointer after a label', [1, 0x61, 0xc0, 12]],
    ['an extended label', [0x41, 0, 0]],
    ['a label of 64 octets', [64, ...new Array(64).fill(0x61), 0]],
    ['nothing', []],
    ['a name without its root', [1, 0x61]],
    ['a label that is cut short', [5, 0x61, 0x62]],
  ])('%s is refused', (_, octets) => {
    const scan = new QnameScan()
    scanName(nameOf('left.over.'), scan)
    expect(scanName(Uint8Array.from(octets), scan)).toBe(false)
    expect([scan.length, scan.labels]).toEqual([0, 0])
  })

  test('255 octets are a name and 256 are not', () => {
    const longest = nameOf(`${label63}.${label63}.${label63}.${'x'.repeat(61)}.`)
    expect(longest.length).toBe(255)
    expect(scanOf(longest)!.length).toBe(255)
    const longer = Uint8Array.from([...longest.subarray(0, 192), 62, ...new Array(62).fill(0x78), 0])
    expect(longer.length).toBe(256)
    expect(scanOf(longer)).toBeUndefined()
  })

  test('127 labels are a name and 128 are not', () => {
    const most = nameOf('a.'.repeat(127))
    expect(scanOf(most)!.labels).toBe(127)
    expect(scanOf(Uint8Array.from([1, 0x61, ...most]))).toBeUndefined()
  })
})

describe('any octets', () => {
  // Bytes that are often label lengths, so that scans get far.
  const octets = fc.uint8Array({ minLength: 0, maxLength: 300, max: 0x44 })

  test('what lies at the end or behind it is never read', () => {
    fc.assert(
      fc.property(octets, fc.nat(300), fc.nat(300), fc.nat(255), (packet, start, wanted, filler) => {
        const end = Math.min(wanted, packet.length)
        const changed = packet.slice().fill(filler, end)
        const scan = scanOf(packet, start, end)
        const same = scanOf(changed, start, end)
        expect([same?.length, same?.labels, same?.labelStart]).toEqual([scan?.length, scan?.labels, scan?.labelStart])
        if (scan !== undefined) expect(start + scan.length).toBeLessThanOrEqual(end)
      }),
      { numRuns: 2000 },
    )
  })

  const label = fc.uint8Array({ minLength: 1, maxLength: 20 })
  const name = fc
    .array(label, { maxLength: 10 })
    .map((labels) => Uint8Array.from([...labels.flatMap((octets) => [octets.length, ...octets]), 0]))

  test('each suffix has the hash that it has as a name of its own, in any case', () => {
    fc.assert(
      fc.property(name, (octets) => {
        const scan = scanOf(octets)!
        for (let i = 0; i <= scan.labels; i++) {
          const start = scan.labelStart[i]!
          const suffix = scanOf(octets.subarray(start))!
          expect(hashOf(suffix)).toBe(hashOf(scan, i))
          const upper = octets.map((octet) => (octet >= 0x61 && octet <= 0x7a ? octet - 0x20 : octet))
          expect(hashOf(scanOf(upper)!, i)).toBe(hashOf(scan, i))
        }
      }),
    )
  })
})

test('hashes of a thousand hosts are all different', () => {
  const hashes = new Set<number>()
  for (let i = 0; i < 1000; i++) hashes.add(hashOf(scanOf(nameOf(`host${i}.app.example.org.`))!))
  expect(hashes.size).toBe(1000)
})
