import { CHECK_DEFAULTS, makeProbeTarget } from '@windrose/health'
import fc from 'fast-check'
import type { CheckSet } from '../check-set.ts'
import { lease, load, pool } from '../store.laws.ts'
import { printCheckSet, readCheckSet } from './check-set-record.ts'
import { decodeLatency, encodeLatency } from './latency-code.ts'
import { printLease, readLease } from './lease-record.ts'
import { printLoad, readLoad } from './load-record.ts'
import { decodeStates, encodeStates } from './state-record.ts'
import { readTableValue } from './table-value.ts'

describe('a lease', () => {
  test('is read as it was written', () => {
    expect(readLease(printLease(lease({ isolated: true })))).toEqual(lease({ isolated: true }))
  })

  test.each([
    ['', 'a lease that is not JSON'],
    ['7', 'a lease that is no object'],
    ['{}', 'a lease of format undefined, not 1: written by another version'],
    ['{"format":2}', 'a lease of format 2, not 1: written by another version'],
    [printLease(lease({ vantage: 'no name' })), 'a lease without a proper name'],
    [printLease(lease({ beat: -1 })), 'a lease with an impossible number'],
    [printLease(lease({ isolated: 1 as never })), 'a lease that does not say whether its agent is isolated'],
    [' '.repeat(3000), 'a lease of 3000 characters'],
  ])('%s is refused', (text, problem) => {
    expect(readLease(text)).toEqual({ problem })
  })

  test('of a later version with more to say is read', () => {
    expect(readLease(JSON.stringify({ format: 1, ...lease(), colour: 'blue' }))).toEqual(lease())
  })
})

describe('a load', () => {
  test('is read as it was written, to a thousandth', () => {
    const classes = ['0123abcd', '0123456789abcdef'].map((key) => ({ service: 'web', key, smoothed: 2 }))
    expect(readLoad(printLoad(load({ classes })))).toEqual(load({ classes }))
    const pools = [pool({ answers: 2 ** 40 + 0.5, perSecond: 0 }), pool({ site: 'iad', smoothed: 1 / 3 })]
    const read = readLoad(printLoad(load({ upMs: 5000.4, pools })))
    expect(read).toEqual(load({ pools: [pools[0]!, { ...pools[1]!, smoothed: 0.333 }] }))
  })

  test('of nothing is one, too', () => {
    expect(readLoad(printLoad(load({ pools: [] })))).toEqual(load({ pools: [] }))
  })

  test.each([
    ['', 'a load that is not JSON'],
    ['[]', 'a load that is no object'],
    ['{"format":2}', 'a load of format 2, not 1: written by another version'],
    [printLoad(load({ server: 'no name' })), 'a load without a proper name'],
    [printLoad(load({ sequence: -1 })), 'a load with an impossible number'],
    [printLoad(load({ pools: [pool({ site: '' })] })), 'a load with a pool that is none'],
    [printLoad(load({ pools: [pool({ perSecond: -1 })] })), 'a load with an impossible number'],
    [printLoad(load({ pools: [pool({ answers: Number.NaN })] })), 'a load with an impossible number'],
    [
      printLoad(load({ pools: [7 as never] })).replace('[null,null,null,null,null]', '7'),
      'a load with a pool that is none',
    ],
    [printLoad(load()).replace(/"pools":.*/, '"pools":{}}'), 'a load without pools'],
    [' '.repeat(5_000_000), 'a load of 5000000 characters'],
  ])('%.40s is refused', (text, problem) => {
    expect(readLoad(text)).toEqual({ problem })
  })

  test('of a later version with more to say is read', () => {
    expect(readLoad(JSON.stringify({ colour: 'blue', ...JSON.parse(printLoad(load())) }))).toEqual(load())
  })

  test('that is any text is read or refused, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.record({ format: fc.constant(1) }).map((v) => JSON.stringify(v)),
        ),
        (text) => {
          expect(readLoad(text)).toBeDefined()
        },
      ),
    )
  })
})

describe('a latency in one octet', () => {
  test('is within three percent from a tenth of a millisecond to a minute', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 60_000, noNaN: true }), (milliseconds) => {
        expect(Math.abs(decodeLatency(encodeLatency(milliseconds))! / milliseconds - 1)).toBeLessThan(0.03)
      }),
      { numRuns: 5000 },
    )
  })

  test('knows none, and has an end', () => {
    expect(decodeLatency(encodeLatency(undefined))).toBeUndefined()
    expect(encodeLatency(0)).toBe(1)
    expect(encodeLatency(1e9)).toBe(255)
  })
})

describe('a set of checks', () => {
  const check = { ...CHECK_DEFAULTS, name: 'port', type: 'tcp', port: 443, timeoutMs: 1000 } as const
  const set: CheckSet = {
    revision: 'abc',
    targets: [makeProbeTarget('192.0.2.1', 'ipv4', check), makeProbeTarget('db.example', 'name', check)],
    controlTargets: ['192.0.2.99:53'],
  }

  test('is read as it was written, with the same ids', () => {
    expect(readCheckSet(printCheckSet(set))).toEqual(set)
  })

  test('keeps what this version does not know', () => {
    const newer = { ...check, type: 'quic', flavour: 'h3' } as never
    const target = makeProbeTarget('192.0.2.1', 'ipv4', newer)
    expect(readCheckSet(printCheckSet({ ...set, targets: [target] }))).toMatchObject({ targets: [target] })
  })

  test.each([
    ['{', 'a set of checks that is not JSON'],
    ['[]', 'a set of checks that is no object'],
    ['{"format":7}', 'a set of checks of format 7, not 1: written by another version'],
    ['{"format":1}', 'a set of checks without its parts'],
    ['{"format":1,"revision":"r","checks":[{}],"targets":[]}', 'a set of checks with a check that is none'],
    [
      '{"format":1,"revision":"r","checks":[],"targets":[["a","ipv4",0]]}',
      'a set of checks with a target that is none',
    ],
    ['{"format":1,"revision":"r","checks":[],"targets":[7]}', 'a set of checks with a target that is none'],
  ])('%s is refused', (text, problem) => {
    expect(readCheckSet(text)).toEqual({ problem })
  })
})

describe('states in octets', () => {
  const anyStates = fc
    .dictionary(
      fc.constantFrom('1', '2', '3').map((digit) => digit.repeat(32)),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map((states) => new Map(Object.entries(states)))

  test('are read as they were written', () => {
    fc.assert(
      fc.property(anyStates, fc.nat(), fc.nat(), (states, fence, sequence) => {
        const record = decodeStates(encodeStates({ fence, sequence, states }))
        if ('problem' in record) throw new Error(record.problem)
        const read = [...record.states].map(([target, state]) => [target, Uint8Array.from(state)])
        expect({ ...record, states: read }).toEqual({ fence, sequence, states: [...states] })
      }),
    )
  })

  test('of keepers carry what has a name, beside targets, also where it is longer than a row', () => {
    const long = Uint8Array.from({ length: 150_000 }, (_, i) => i % 251)
    const states = new Map([
      ['@placement', long],
      ['40706c6163656d656e74ffffffffffff', Uint8Array.of(1)],
      ['@holds', Uint8Array.of(2)],
      ['@round-trips', new Uint8Array()],
    ])
    const record = decodeStates(encodeStates({ fence: 1, sequence: 2, states }))
    if ('problem' in record) throw new Error(record.problem)
    expect([...record.states.keys()].sort()).toEqual([...states.keys()].sort())
    for (const [id, state] of states) expect(Buffer.compare(record.states.get(id)!, state)).toBe(0)
  })

  test('that are cut off, or anything at all, are read or refused, never thrown at', () => {
    fc.assert(
      fc.property(anyStates, fc.nat(200), (states, length) => {
        const octets = encodeStates({ fence: 1, sequence: 1, states })
        const record = decodeStates(octets.subarray(0, length))
        expect('problem' in record).toBe(length < octets.length)
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => void decodeStates(octets)))
    expect(decodeStates(Uint8Array.of(2, ...new Uint8Array(12)))).toEqual({
      problem: 'states of format 2, not 1: written by another version',
    })
  })
})

test('the value of a table is refused where it does not say how its log goes on', () => {
  expect(readTableValue(Buffer.from('\u0003abc\u0000rest'))).toHaveProperty('problem')
  expect(readTableValue(Buffer.alloc(0))).toHaveProperty('problem')
  fc.assert(fc.property(fc.uint8Array(), (octets) => void readTableValue(octets)))
})
