import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countryCodes, countryCoordinates } from './country-coordinates.ts'
import { greatCircleKm } from './great-circle.ts'
import { isPlaced } from './place.ts'

describe('the point of a country', () => {
  test.each(['DE', 'de', 'De'])('is found by %s', (code) => {
    expect(countryCoordinates(code)).toEqual(countryCoordinates('DE'))
    expect(countryCoordinates(code)).toBeDefined()
  })

  test.each(['', 'ZZ', 'EU', 'toString', '__proto__'])('does not exist for %j', (code) => {
    expect(countryCoordinates(code)).toBeUndefined()
  })

  test.each([
    // Where most people live, not the middle of the land: that is far off in these.
    ['US', 38.9, -77.0, 1700],
    ['CA', 43.7, -79.4, 600],
    ['RU', 55.8, 37.6, 1000],
    ['AU', -33.9, 151.2, 600],
    ['BR', -23.5, -46.6, 600],
    ['CN', 31.2, 121.5, 1000],
  ])('of %s is near its people', (code, latitude, longitude, kilometres) => {
    expect(greatCircleKm(countryCoordinates(code)!, { latitude, longitude })).toBeLessThan(kilometres)
  })

  test('is a point on the globe for every code', () => {
    for (const code of countryCodes()) {
      const point = countryCoordinates(code)!
      expect([code, isPlaced(point.latitude, point.longitude)]).toEqual([code, true])
    }
  })

  test('is the one in geo-data', () => {
    const csv = readFileSync(join(__dirname, '../../../geo-data/country-coordinates.csv'), 'utf8')
    const rows = csv.trim().split('\n').slice(1)
    expect(rows.map((row) => row.split(',')[0])).toEqual(countryCodes())
    for (const row of rows) {
      const [code, latitude, longitude] = row.split(',')
      expect(countryCoordinates(code!)).toEqual({ latitude: Number(latitude), longitude: Number(longitude) })
    }
  })
})
