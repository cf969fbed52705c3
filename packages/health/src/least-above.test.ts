import fc from 'fast-check'
import { leastAbove } from './least-above.ts'

test('is more than the share, and one less is not, whatever computers make of fractions', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 1000 }), fc.nat(10_000), (part, whole, all) => {
      const least = leastAbove(part / whole, all)
      expect(least * whole).toBeGreaterThan(part * all)
      expect((least - 1) * whole).toBeLessThanOrEqual(part * all)
    }),
    { numRuns: 2000 },
  )
})
