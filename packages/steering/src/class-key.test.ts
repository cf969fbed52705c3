import { type ClassNames, classKey } from './class-key.ts'
import { UNPLACED } from './client-class.ts'

const NAMES: ClassNames = {
  rules: ['10.0.0.0/8'],
  views: ['', 'eu'],
  sites: ['fra', 'iad', 'sin'],
  areas: [['', 'country:DE', 'country:FR']],
}
const german = { rule: -1, view: 1, sites: [0, 1], areas: [1] }

test('is the same where sites, rules, views and areas have other numbers', () => {
  const other: ClassNames = {
    rules: ['192.0.2.0/24', '10.0.0.0/8'],
    views: ['', 'us', 'eu'],
    sites: ['ams', 'fra', 'sin', 'iad'],
    areas: [['', 'country:FR', 'country:DE']],
  }
  expect(classKey({ rule: -1, view: 2, sites: [1, 3], areas: [2] }, other)).toBe(classKey(german, NAMES))
  expect(classKey({ ...UNPLACED, rule: 1 }, other)).toBe(classKey({ ...UNPLACED, rule: 0 }, NAMES))
})

test('is another where any of them is another, by name', () => {
  const others = [{ rule: 0 }, { view: 0 }, { sites: [1, 0] }, { sites: [0] }, { areas: [2] }]
  const keys = [{}, ...others].map((change) => classKey({ ...german, ...change }, NAMES))
  expect(new Set(keys).size).toBe(6)
  expect(keys.every((key) => /^[0-9a-f]{16}$/.test(key))).toBe(true)
})

test('tells a hundred thousand classes apart', () => {
  const names = { ...NAMES, sites: Array.from({ length: 50 }, (_, i) => `site-${i}`) }
  const keys = new Set<string>()
  for (let i = 0; i < 100_000; i++) {
    keys.add(classKey({ ...UNPLACED, sites: [i % 50, Math.floor(i / 50) % 50, Math.floor(i / 2500)] }, names))
  }
  expect(keys.size).toBe(100_000)
})
