import type { Family } from '../service.ts'

/**
 * The length of client prefix by whose hash a class of clients is divided among sites: the coarsest that keeps the standard
 * error of a share under SHARE_ERROR. The scope of such answers is this long, and a scope of /24 for everybody, just when a
 * site is overloaded, would multiply the queries.
 *
 * Each prefix of this length goes to one site as a whole, by hash. With n of one size, a share of one half is off by
 * 0.5 / sqrt(n) in the mean (binomial distribution), and other shares by less. Space that is scattered fills its prefixes in
 * part; there are more of them then, and the error is smaller than for the same blocks in one piece, which is what is
 * reckoned with. It does not depend on the share: a length that did would send everybody elsewhere when it changed.
 *
 * `blocks`: how many /24 of IPv4 or /48 of IPv6 the class has. At most 24 or 56; a class too small for that has the
 * larger error that `shareError` tells.
 */
export function keyBits(blocks: number, family: Family): number {
  const { block, longest } = FAMILIES[family]
  let bits = longest
  while (bits > 0 && prefixesOf(blocks, bits - 1, block) >= LEAST_PREFIXES) bits--
  return bits
}

/** The standard error, in the mean, of a share of one half among so many blocks that are divided by prefixes of `bits`. */
export function shareError(blocks: number, bits: number, family: Family): number {
  return Math.min(0.5, 0.5 / Math.sqrt(Math.max(1, prefixesOf(blocks, bits, FAMILIES[family].block))))
}

function prefixesOf(blocks: number, bits: number, block: number): number {
  return blocks * 2 ** (bits - block)
}

const FAMILIES: Readonly<Record<Family, { readonly block: number; readonly longest: number }>> = {
  ipv4: { block: 24, longest: 24 },
  ipv6: { block: 48, longest: 56 },
}

const SHARE_ERROR = 0.01
const LEAST_PREFIXES = (0.5 / SHARE_ERROR) ** 2
