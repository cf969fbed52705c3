/** Stands for a share of 1. A row of shares in shared memory is as many 16-bit numbers as the service has pools, with this sum. */
export const WHOLE = 65535

/**
 * Writes shares as 16-bit numbers with the sum WHOLE into `row`: each is its exact value rounded up or down, by largest
 * remainder (Hamilton), so none is off by a whole unit. Of equal remainders the earlier one is rounded up. Shares need not
 * sum to 1: what counts is their proportion. If all are 0 the row is 0, which stands for no assignment.
 */
export function encodeShares(shares: ArrayLike<number>, row: Uint16Array): void {
  apportion(shares, WHOLE, row)
}

/** The shares of a row: they sum to 1, but for rounding. Undefined where there is no assignment. */
export function decodeShares(row: Uint16Array): Float64Array | undefined {
  let sum = 0
  for (const part of row) sum += part
  return sum === 0 ? undefined : Float64Array.from(row, (part) => part / sum)
}

/** Divides a number of units by shares, by largest remainder. `parts` is as long as `shares`, or longer. */
export function apportion(shares: ArrayLike<number>, units: number, parts: Uint16Array): void {
  parts.fill(0)
  let sum = 0
  for (let i = 0; i < shares.length; i++) sum += shares[i]!
  if (sum <= 0) return
  const remainders: { readonly place: number; readonly rest: number }[] = []
  let left = units
  for (let place = 0; place < shares.length; place++) {
    const exact = (shares[place]! / sum) * units
    const whole = Math.floor(exact + ROUNDING)
    parts[place] = whole
    left -= whole
    remainders.push({ place, rest: exact - whole })
  }
  remainders.sort((a, b) => b.rest - a.rest || a.place - b.place)
  for (let i = 0; i < left; i++) parts[remainders[i]!.place]!++
}

/** A share that is a whole number of units must not become one less for the last bit of a division. */
const ROUNDING = 1e-9
