import { CONTINENTS, continentCode, continentOf } from './continents.ts'
import { countryCodes } from './country-coordinates.ts'

test('every country that has a place has a continent', () => {
  expect(countryCodes().filter((code) => continentOf(code) === undefined)).toEqual([])
})

test.each([
  ['US', 'north-america'],
  ['PA', 'north-america'],
  ['CO', 'south-america'],
  ['NA', 'africa'],
  ['SA', 'asia'],
  ['AS', 'oceania'],
  ['RU', 'europe'],
])('%s is in %s', (code, continent) => {
  expect(continentOf(code)).toBe(continent)
  expect(CONTINENTS).toContain(continent)
})

test.each([
  ['US', 'NA'],
  ['NA', 'AF'],
  ['AS', 'OC'],
  ['ZZ', ''],
])('the databases call the continent of %s "%s"', (code, continent) => expect(continentCode(code)).toBe(continent))
