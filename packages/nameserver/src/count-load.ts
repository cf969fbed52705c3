import { type AnswerCache, Variant } from './answer-cache.ts'

/** Counts an answer for the pools that its records are of; all parts together are 1. */
export function countLoad(cache: AnswerCache, variant: number, load: Float64Array): void {
  const { entries } = cache
  const cell = entries[variant + Variant.cell]!
  if (cell >= 0) {
    load[cell]! += 1
    return
  }
  const records = entries[variant + Variant.records]!
  for (let i = 0; i < records; i++) load[entries[~cell + i]!]! += 1 / records
}
