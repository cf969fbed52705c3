import fc from 'fast-check'
import { printAddress, readAddress } from './address.ts'
import { EMBEDDING_PREFIXES, embeddedIpv4 } from './embedded-ipv4.ts'
import { containsAddress } from './prefix.ts'

test.each([
  ['::ffff:192.0.2.33', '192.0.2.33', 96],
  ['64:ff9b::192.0.2.33', '192.0.2.33', 96], // RFC 6052 section 2.4
  ['2002:c000:0221::1', '192.0.2.33', 16],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', '192.0.2.45', 96], // inverted: 3f.ff.fd.d2
])('%s carries %s', (text, ipv4, bits) => {
  const out = new Uint8Array(4)
  expect(embeddedIpv4(readAddress(text)!, 0, out)).toBe(bits)
  expect(printAddress(out)).toBe(ipv4)
})

test.each([
  '::1',
  '::',
  '2001:db8::1',
  '64:ff9b:1::c000:221',
  '64:ff9b::1:c000:221',
  '::fffe:c000:221',
  '::1:ffff:c000:221',
  '2003::',
])('%s carries none, and nothing is written', (text) => {
  const out = new Uint8Array(4)
  expect(embeddedIpv4(readAddress(text)!, 0, out)).toBe(0)
  expect([...out]).toEqual([0, 0, 0, 0])
})

test('octets before the start are not looked at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ minLength: 4, maxLength: 4 }), (before, ipv4) => {
      const octets = Uint8Array.of(...before, ...readAddress('::ffff:0:0')!.subarray(0, 12), ...ipv4)
      const out = new Uint8Array(4)
      expect(embeddedIpv4(octets, before.length, out)).toBe(96)
      expect(out).toEqual(ipv4)
    }),
  )
})

test('an address carries one exactly where it is in one of the prefixes that do', () => {
  const anyEnd = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(anyEnd, fc.nat(EMBEDDING_PREFIXES.length), fc.nat(128), (octets, which, kept) => {
      const start = EMBEDDING_PREFIXES[which]?.address ?? octets
      const address = octets.map((octet, i) => (i * 8 < kept ? start[i]! : octet))
      const isInside = EMBEDDING_PREFIXES.some((prefix) => containsAddress(prefix, address))
      expect(embeddedIpv4(address, 0, new Uint8Array(4)) > 0).toBe(isInside)
    }),
    { numRuns: 2000 },
  )
})
