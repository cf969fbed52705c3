import { checkZones } from './check-zones.ts'
import { printProblem, zoneOf } from './zones.arbitraries.ts'

const parent = zoneOf('example.org.', 'child NS ns.test.\nown A 192.0.2.1', [['www', 1]])

test('zones beside each other and a delegated child are in order', () => {
  const zones = [parent, zoneOf('child.example.org.', ''), zoneOf('example.net.', '')]
  expect(checkZones(zones)).toEqual([])
})

test('a zone below a delegated one that is not here is in order', () => {
  expect(checkZones([parent, zoneOf('far.child.example.org.', '')])).toEqual([])
})

test('two zones with one apex are refused, whatever their case', () => {
  const problems = checkZones([parent, zoneOf('EXAMPLE.org.', '')])
  expect(problems.map(printProblem)).toEqual(['zone:2: error: the zone EXAMPLE.org. is served already, from zone:2'])
})

test('a child that its parent does not delegate is warned of, with the number of records that it hides', () => {
  const problems = checkZones([zoneOf('own.example.org.', ''), parent])
  expect(problems.map(printProblem)).toEqual([
    'zone:2: warning: the zone own.example.org. is inside example.org., which does not delegate it; ' +
      '1 of its records are at or below that name and never answered',
  ])
  expect(problems[0]!.hint).toBe('add NS records for own.example.org. to zone:2')
  expect(checkZones([parent, zoneOf('new.example.org.', '')])[0]!.message).toMatch(/does not delegate it$/)
})

test.each([
  ['www.example.org.', 'www'],
  ['example.org.', 'a.www'],
])('a steered name that a child zone takes away is refused (%s)', (_, steered) => {
  const zone = zoneOf('example.org.', '', [[steered, 1]])
  const problems = checkZones([zone, zoneOf('www.example.org.', ''), zoneOf('org.', 'example NS ns.test.')])
  expect(problems.map(printProblem)).toContain(
    `windrose.yaml:1: error: the steered name ${steered}.example.org. belongs to the zone www.example.org., which is served here too`,
  )
})
