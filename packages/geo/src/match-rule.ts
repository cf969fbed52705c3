import { type Address, containsAddress } from '@windrose/ip'
import type { MapRule } from './map-spec.ts'

/**
 * The rule that decides for an address, by its index: the one with the longest prefix. Undefined when no rule names it.
 *
 * For explanations: rules that name the same sites share a client class, whose `rule` is the first of them.
 */
export function matchRule(rules: readonly Pick<MapRule, 'prefix'>[], address: Address): number | undefined {
  let longest: number | undefined
  for (const [index, { prefix }] of rules.entries()) {
    if (!containsAddress(prefix, address)) continue
    if (longest === undefined || prefix.length > rules[longest]!.prefix.length) longest = index
  }
  return longest
}
