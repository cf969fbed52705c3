import fc from 'fast-check'
import { greatCircleKm } from './great-circle.ts'
import { biasFactor, type PlacedSite, SiteOrder } from './site-order.ts'

const site = (index: number, latitude: number, longitude: number, bias = 0): PlacedSite => ({
  index,
  latitude,
  longitude,
  bias,
})

const US = site(0, 38.9, -77)
const IE = site(1, 53.3, -6.3)
const SG = site(2, 1.3, 103.9)
const TR = site(3, 38.7, 35.5)
const BR = site(4, -22.9, -43.2)

const GENEVA = { latitude: 46.2, longitude: 6.1 }
const VIRGINIA = { latitude: 38.9, longitude: -77.5 }
const PERTH = { latitude: -31.95, longitude: 115.86 }
const SYDNEY = { latitude: -33.9, longitude: 151.2 }

describe('the sites of a client', () => {
  test.each([
    ['Geneva', [US, IE, SG], GENEVA, [IE, US, SG]],
    ['Virginia', [US, IE, SG], VIRGINIA, [US, IE, SG]],
    // Two cities of one country whose second choices differ.
    ['Perth', [US, IE, SG], PERTH, [SG, IE, US]],
    ['Sydney', [US, IE, SG], SYDNEY, [SG, US, IE]],
    ['Geneva, five sites', [US, IE, SG, TR, BR], GENEVA, [IE, TR, US]],
    ['Virginia, five sites', [US, IE, SG, TR, BR], VIRGINIA, [US, IE, BR]],
    ['Perth, five sites', [US, IE, SG, TR, BR], PERTH, [SG, TR, BR]],
    ['Sydney, five sites', [US, IE, SG, TR, BR], SYDNEY, [SG, BR, TR]],
  ])('in %s are in the order of their great-circle distances', (_, sites, client, order) => {
    expect(new SiteOrder(sites, 3).nearest(client)).toEqual(order.map(({ index }) => index))
  })

  test('are found over the date line, where a difference of longitudes would mislead', () => {
    const order = new SiteOrder([site(0, -18, 150), site(1, -18, -179)], 3)
    expect(order.nearest({ latitude: -18, longitude: 179 })).toEqual([1, 0])
  })

  test('are found in the north, where degrees of longitude are short', () => {
    const order = new SiteOrder([site(0, 52.37, 4.9), site(1, 60.17, 24.94)], 3)
    expect(order.nearest({ latitude: 59.91, longitude: 10.75 })).toEqual([1, 0])
  })

  test('that are equally far come in the order of their indexes, however they are listed', () => {
    const sites = [site(7, 10, 20), site(3, 10, 20), site(5, 10, 20)]
    expect(new SiteOrder(sites, 2).nearest(GENEVA)).toEqual([3, 5])
  })

  test('are all listed when there are fewer than asked for', () => {
    expect(new SiteOrder([US], 3).nearest(GENEVA)).toEqual([0])
    expect(new SiteOrder([], 3).nearest(GENEVA)).toEqual([])
  })

  test('are drawn nearer and pushed away by their bias', () => {
    // Geneva is about 1,200 km from Ireland and 2,500 km from the site in Turkey.
    expect(new SiteOrder([IE, { ...TR, bias: 60 }], 1).nearest(GENEVA)).toEqual([3])
    expect(new SiteOrder([{ ...IE, bias: -60 }, TR], 1).nearest(GENEVA)).toEqual([3])
    expect(new SiteOrder([{ ...IE, bias: -40 }, TR], 1).nearest(GENEVA)).toEqual([1])
  })

  test('are those of a full sort by biased distance, ties by index', () => {
    const sites = fc.array(
      fc.record({
        latitude: fc.integer({ min: -90, max: 90 }),
        longitude: fc.integer({ min: -180, max: 180 }),
        bias: fc.integer({ min: -99, max: 99 }),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(sites, fc.integer({ min: 1, max: 5 }), (drawn, preferred) => {
        const placed = drawn.map((one, index) => ({ ...one, index }))
        const far = (one: PlacedSite) => greatCircleKm(PERTH, one) * biasFactor(one.bias)
        const sorted = [...placed].sort((a, b) => far(a) - far(b) || a.index - b.index).map(({ index }) => index)
        expect(new SiteOrder(placed, preferred).nearest(PERTH)).toEqual(sorted.slice(0, preferred))
      }),
    )
  })
})

describe('of several groups', () => {
  test('the nearest of each are listed, all in one order', () => {
    const groups = [[US.index, IE.index], [SG.index, TR.index], [IE.index]]
    expect(new SiteOrder([US, IE, SG, TR], 1, groups).nearest(GENEVA)).toEqual([IE.index, TR.index])
    expect(new SiteOrder([US, IE, SG, TR], 2, groups).nearest(GENEVA)).toEqual([IE.index, TR.index, US.index, SG.index])
  })

  test('what is in no group, or not on the map, is not listed', () => {
    expect(new SiteOrder([US, IE, SG], 3, [[SG.index, 99]]).nearest(GENEVA)).toEqual([SG.index])
    expect(new SiteOrder([US, IE], 3, []).nearest(GENEVA)).toEqual([])
  })

  test('a class lists no more than it would of each for itself, and in the same order', () => {
    const all = [US, IE, SG, TR, BR]
    const group = fc.subarray(all.map(({ index }) => index))
    fc.assert(
      fc.property(fc.array(group, { maxLength: 3 }), fc.integer({ min: 1, max: 3 }), (groups, preferred) => {
        const listed = new SiteOrder(all, preferred, groups).nearest(PERTH)
        const order = new SiteOrder(all, 5).nearest(PERTH)
        const wanted = groups.flatMap((one) => order.filter((index) => one.includes(index)).slice(0, preferred))
        expect(listed).toEqual(order.filter((index) => wanted.includes(index)))
      }),
    )
  })
})

test.each([
  [0, 1],
  [50, 0.5],
  [99, 0.01],
  [-50, 2],
  [-99, 100],
])('a bias of %d multiplies distances by %d', (bias, factor) => {
  expect(biasFactor(bias)).toBeCloseTo(factor, 9)
})
