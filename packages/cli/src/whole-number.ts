import { InvalidArgumentError } from 'commander'

/** Reads the value of an option: 0 to 999,999,999. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected')
  return Number(text)
}

/** The same, for what 0 makes no sense of. */
export function numberAboveZero(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('a whole number above 0 is expected')
  return value
}
