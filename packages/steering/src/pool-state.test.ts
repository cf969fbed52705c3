import fc from 'fast-check'
import { isBelowShare, readPools } from './pool-state.ts'
import { anyScene, scene } from './scenes.arbitraries.ts'

describe('isBelowShare', () => {
  // The required weight of n equal endpoints is panic * n, rounded up.
  test.each([
    [0.1, 16, 2],
    [0.2, 6, 2],
    [0.3, 4, 2],
    [0.4, 16, 7],
    [0.5, 3, 2],
    [0.5, 4, 2],
    [0.5, 7, 4],
    [0.6, 5, 3],
    [0.7, 7, 5],
    [0.7, 10, 7],
    [0.8, 5, 4],
    [0.9, 8, 8],
    [0.9, 16, 15],
    [0.55, 100, 55],
    [0.56, 100, 56],
    [0.07, 100, 7],
    [0.55, 2_000_000_000, 1_100_000_000],
    [1, 7, 7],
    [0, 7, 0],
  ])('a share of %d of %d needs %d', (panic, whole, needed) => {
    expect(isBelowShare(needed, whole, panic)).toBe(false)
    if (needed > 0) expect(isBelowShare(needed - 1, whole, panic)).toBe(true)
  })

  test('agrees with whole numbers for every share of hundredths', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100_000), fc.nat(100_000), (hundredths, part, rest) => {
        const whole = part + rest
        expect(isBelowShare(part, whole, hundredths / 100)).toBe(100 * part < hundredths * whole)
      }),
    )
  })
})

const noNested = () => {
  throw new Error('no pool is a service')
}

describe('readPools', () => {
  test.each([
    ['U', 'ok'],
    ['U ? ?', 'ok'],
    ['U D', 'ok'],
    ['U D D', 'panic'],
    ['D ?', 'unknown'],
    ['D D', 'down'],
    ['D ~U', 'down'],
    ['~U !D', 'aside'],
    ['U ~D !D', 'ok'],
  ])('a pool of %s is %s', (endpoints, condition) => {
    const { service, health } = scene({ p: endpoints.split(' ') })
    expect(readPools(service, 'ipv4', 0, health, noNested)[0]?.condition).toBe(condition)
  })

  test('a pool of which nothing need be up is not ok with nothing up', () => {
    const { service, health } = scene({ p: ['D'] }, { panic: 0 })
    expect(readPools(service, 'ipv4', 0, health, noNested)[0]?.condition).toBe('down')
  })

  test('a pool without the family is left out, the positions of the others stay', () => {
    const { service, health } = scene({ p: ['U'], q: ['U v6'], r: ['U cname'] })
    expect(readPools(service, 'ipv6', 0, health, noNested).map((state) => state.position)).toEqual([1, 2])
  })

  test('puts every candidate in exactly one place', () => {
    fc.assert(
      fc.property(anyScene([]), ({ service, health }) => {
        const pools = readPools(service, 'ipv4', 0, health, noNested)
        for (const { candidates, considered, inService, standby, drained, forcedDown } of pools) {
          const inPlaces = [inService, standby, drained]
            .flatMap((v) => [...v.up, ...v.unknown, ...v.down])
            .concat(forcedDown)
          expect(new Set(inPlaces)).toEqual(new Set(candidates))
          expect(inPlaces.length).toBe(candidates.length)
          expect(considered.length).toBe(inService.up.length + inService.unknown.length + inService.down.length)
        }
      }),
    )
  })
})
