/**
 * The least whole number that is more than this share of all: of 10 and 0.3 it is 4. What computers make of 0.3 times 10
 * must not decide, so a little more is taken for the same.
 */
export function leastAbove(share: number, all: number): number {
  return Math.floor(share * all * (1 + 1e-12)) + 1
}
