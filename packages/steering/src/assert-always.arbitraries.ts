import fc from 'fast-check'

/**
 * Asserts a property for random values, and for those of the seeds that once found it broken. A failure prints its seed: it
 * is to be kept with the property.
 */
export function assertAlways<Ts>(property: fc.IProperty<Ts>, numRuns: number, keptSeeds: readonly number[] = []): void {
  for (const seed of keptSeeds) fc.assert(property, { numRuns, seed })
  fc.assert(property, { numRuns })
}
