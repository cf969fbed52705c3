import type { Endpoint } from './service.ts'

/** Texts in a row, the first few of a long list. */
export function listTexts(texts: readonly string[]): string {
  const shown = texts.slice(0, LISTED).join(', ')
  return texts.length > LISTED ? `${shown} and ${texts.length - LISTED} more` : shown
}

export function listLabels(endpoints: readonly Endpoint[]): string {
  return listTexts(endpoints.map((endpoint) => endpoint.label))
}

/** A share as a percentage: `25 %`, `0.12 %`. */
export function printShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}

/** A whole number below a million: `4,096`. */
export function printCount(count: number): string {
  return count < 1000 ? `${count}` : `${Math.floor(count / 1000)},${String(count % 1000).padStart(3, '0')}`
}

/** Items of a list that a line shows: what a person reads at a glance, and a bound on what a large pool costs. */
const LISTED = 8
