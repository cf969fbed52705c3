import { isNewerReport, type Report } from './report.ts'

const held = { incarnation: 3, sequence: 5 } as Report

test.each([
  [3, 6, true],
  [3, 5, false],
  [3, 4, false],
  [4, 0, true],
  [2, 9, false],
])('a report of incarnation %i and sequence %i replaces 3 and 5: %s', (incarnation, sequence, newer) => {
  expect(isNewerReport({ ...held, incarnation, sequence }, held)).toBe(newer)
})
