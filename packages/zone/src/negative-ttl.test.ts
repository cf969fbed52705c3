import { type Rr, readMasterFile } from '@windrose/dns'
import { effectiveTtl, negativeTtlOf } from './negative-ttl.ts'
import { nameOf } from './zones.arbitraries.ts'

function soaOf(ttl: number, minimum: number): Rr {
  const text = `@ ${ttl} SOA ns host 1 7200 1800 1209600 ${minimum}`
  return readMasterFile({ file: 'zone', text, origin: nameOf('example.') }).records[0]!
}

test.each([
  [3600, 60, 60],
  [60, 3600, 60],
  [300, 300, 300],
  [0, 300, 0],
  [300, 0, 0],
  [2147483647, 2147483647, 2147483647],
])('an SOA record with TTL %i and minimum %i keeps negative answers for %i seconds', (ttl, minimum, expected) => {
  expect(negativeTtlOf(soaOf(ttl, minimum))).toBe(expected)
})

test('a minimum of 2^31 seconds and more means none', () => {
  const soa = soaOf(300, 0)
  const rdata = soa.rdata.slice()
  rdata[rdata.length - 4] = 0x80
  expect(negativeTtlOf({ ...soa, rdata })).toBe(0)
})

test.each([
  [0, 0],
  [0x7fffffff, 0x7fffffff],
  [0x80000000, 0],
  [0xffffffff, 0],
])('a TTL of %i counts as %i', (ttl, expected) => {
  expect(effectiveTtl(ttl)).toBe(expected)
})
