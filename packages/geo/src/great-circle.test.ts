import fc from 'fast-check'
import { greatCircleKm } from './great-circle.ts'

const point = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})

describe('the great-circle distance', () => {
  test.each([
    ['Oslo to Helsinki', [59.91, 10.75], [60.17, 24.94], 787],
    ['Oslo to Amsterdam', [59.91, 10.75], [52.37, 4.9], 913],
    ['over the date line', [-18, 179], [-18, -179], 212],
    ['from pole to pole', [90, 0], [-90, 0], 20015],
    ['between meridians at a pole', [90, 0], [90, 120], 0],
  ] as const)('%s is right to a kilometre', (_, from, to, kilometres) => {
    const distance = greatCircleKm({ latitude: from[0], longitude: from[1] }, { latitude: to[0], longitude: to[1] })
    expect(Math.abs(distance - kilometres)).toBeLessThan(1)
  })

  test('is the same both ways, zero to itself and never over half the globe', () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        expect(greatCircleKm(a, b)).toBe(greatCircleKm(b, a))
        expect(greatCircleKm(a, a)).toBe(0)
        expect(greatCircleKm(a, b)).toBeLessThanOrEqual(20016)
      }),
    )
  })
})
