import { bucketOf, bucketSeed } from '../client-bucket.ts'
import { assignBuckets } from './assign-buckets.ts'
import { keyBits, shareError } from './key-bits.ts'
import { seededRandom } from './workloads.arbitraries.ts'

describe('the length of prefix that shares are hashed on', () => {
  test.each([
    ['all of IPv4', 2 ** 24, 'ipv4', 12],
    ['a large country', 500_000, 'ipv4', 17],
    ['a small country', 5_000, 'ipv4', 23],
    ['just enough', 2_500, 'ipv4', 24],
    ['one network', 1, 'ipv4', 24],
    ['many sites of IPv6', 2 ** 20, 'ipv6', 40],
    ['some sites of IPv6', 2_500, 'ipv6', 48],
    ['few sites of IPv6', 100, 'ipv6', 53],
    ['one site of IPv6', 1, 'ipv6', 56],
  ] as const)('%s: %d blocks of %s are divided by /%d', (_, blocks, family, bits) => {
    expect(keyBits(blocks, family)).toBe(bits)
  })

  test('is the coarsest with an error under 1 %, where there is one', () => {
    for (let blocks = 1; blocks < 2 ** 24; blocks = Math.ceil(blocks * 1.3)) {
      for (const family of ['ipv4', 'ipv6'] as const) {
        const bits = keyBits(blocks, family)
        const isLongest = bits === (family === 'ipv4' ? 24 : 56)
        if (!isLongest) expect(shareError(blocks, bits, family)).toBeLessThanOrEqual(0.01)
        expect(shareError(blocks, bits - 1, family)).toBeGreaterThan(0.01)
      }
    }
  })
})

describe('shares of address space, measured', () => {
  test.each([
    ['one piece', () => pieces(1, [8])],
    ['a large country', () => pieces(900, [11, 12, 14, 16, 18, 19, 20, 22, 22, 23, 24, 24, 24])],
    ['a small country', () => pieces(120, [14, 15, 16, 17, 18, 19, 20, 21, 22, 24])],
    ['many small networks', () => pieces(6000, [21, 22, 23, 24, 24, 24, 24])],
  ])('are within 1 %% in the mean: %s', (_, makeBlocks) => {
    const blocks = makeBlocks()
    const bits = keyBits(blocks.length, 'ipv4')
    const measured = measure(blocks, bits, 0.5)
    expect(measured).toBeLessThan(0.01 * SLACK)
    // Never off by more than it is reckoned with, which space in one piece reaches.
    expect(measured).toBeLessThan(shareError(blocks.length, bits, 'ipv4') * SLACK)
    expect(measure(blocks, bits, 0.1)).toBeLessThan(0.01 * 0.6 * SLACK)
  })

  test('would be off by more with a coarser prefix, where space is in one piece', () => {
    const blocks = pieces(1, [8])
    const bits = keyBits(blocks.length, 'ipv4')
    expect(measure(blocks, bits - 2, 0.5)).toBeGreaterThan(0.01)
    expect(measure(blocks, bits, 0.5)).toBeGreaterThan(0.003)
  })
})

/** The estimate of a deviation from so many services is itself off by a tenth now and then. */
const SLACK = 1.15
const SERVICES = 250

/** Numbers of /24s that are covered by so many random prefixes of random lengths; none twice. */
function pieces(count: number, lengths: readonly number[]): number[] {
  const random = seededRandom(count)
  const blocks = new Set<number>()
  for (let i = 0; i < count; i++) {
    const length = lengths[Math.floor(random() * lengths.length)]!
    const size = 2 ** (24 - length)
    const first = Math.floor(random() * 2 ** length) * size
    for (let block = first; block < first + size; block++) blocks.add(block)
  }
  return [...blocks]
}

/** The standard deviation, over many services, of the part of the blocks that a site gets with a share. */
function measure(blocks: readonly number[], bits: number, share: number): number {
  const sizes = new Map<number, number>()
  for (const block of blocks) {
    const prefix = block >>> (24 - bits)
    sizes.set(prefix, (sizes.get(prefix) ?? 0) + 1)
  }
  let squares = 0
  for (let i = 0; i < SERVICES; i++) {
    const service = `service ${i}`
    const table = assignBuckets(service, [
      { id: 'fra', share: 1 - share },
      { id: 'iad', share },
    ])
    const seed = bucketSeed(service)
    let got = 0
    for (const [prefix, size] of sizes) {
      const bucket = bucketOf(seed, (prefix << (32 - bits)) | 0, 0)
      got += table[bucket] === 1 ? size : 0
    }
    squares += (got / blocks.length - share) ** 2
  }
  return Math.sqrt(squares / SERVICES)
}
