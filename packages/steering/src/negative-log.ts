/**
 * -ln(u) of the number u in (0, 1) that a 32-bit hash stands for: (hash + 0.5) / 2^32. Above 0, good to 15 digits.
 *
 * Not Math.log: ECMAScript leaves its last bits to the engine, and a score that differs in one bit can give a bucket to
 * another endpoint on another server. Here is nothing but + - * /, which IEEE 754 fixes to the bit.
 *
 * u is m * 2^e with m near 1, and ln(m) = 2 artanh(s) with s = (m - 1) / (m + 1), |s| < 0.172: nine terms are enough.
 */
export function negativeLog(hash: number): number {
  if (hash === 0) return 33 * LN_2
  const bits = 31 - clz32(hash)
  let mantissa = (hash + 0.5) / ((1 << bits) >>> 0)
  let exponent = bits - 32
  if (mantissa > SQRT_2) {
    mantissa /= 2
    exponent++
  }
  const s = (mantissa - 1) / (mantissa + 1)
  const q = s * s
  // 1 + q/3 + q^2/5 + ... + q^8/17, from the inside.
  let sum = C17
  sum = sum * q + C15
  sum = sum * q + C13
  sum = sum * q + C11
  sum = sum * q + C9
  sum = sum * q + C7
  sum = sum * q + C5
  sum = sum * q + C3
  sum = sum * q + 1
  return -exponent * LN_2 - 2 * s * sum
}

/** 1 - u: a lower bound of -ln(u) that costs nothing. */
export function leastNegativeLog(hash: number): number {
  return (RANGE - 0.5 - hash) * UNIT
}

const C3 = 1 / 3
const C5 = 1 / 5
const C7 = 1 / 7
const C9 = 1 / 9
const C11 = 1 / 11
const C13 = 1 / 13
const C15 = 1 / 15
const C17 = 1 / 17
const LN_2 = Math.LN2
const SQRT_2 = Math.SQRT2
const RANGE = 2 ** 32
const UNIT = 1 / RANGE
const { clz32 } = Math
