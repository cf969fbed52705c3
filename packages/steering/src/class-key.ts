import type { ClientClass } from './client-class.ts'
import { tieBreakHash } from './tie-break.ts'

/** What the numbers of a class stand for: the same in every configuration that means the same. */
export interface ClassNames {
  /** By index of the rule that matched. */
  readonly rules: readonly string[]
  /** By view. */
  readonly views: readonly string[]
  /** By site index. */
  readonly sites: readonly string[]
  /** By area table, then by area. */
  readonly areas: readonly (readonly string[])[]
}

/**
 * What names a class in records that servers share: sixteen hexadecimal digits. Classes are numbered by each server for
 * itself, as its databases have it, and sites, rules and views as its configuration has them; the same class has the same key
 * on all of them, and goes on having it when others are put before what it is made of.
 *
 * 64 bits: of 30,000 classes two would have the same 32 in every tenth configuration, and be counted and placed as one.
 */
export function classKey({ rule, view, sites, areas }: ClientClass, names: ClassNames): string {
  const text = JSON.stringify([
    names.rules[rule] ?? '',
    names.views[view] ?? '',
    sites.map((site) => names.sites[site]),
    areas.map((area, table) => names.areas[table]?.[area] ?? ''),
  ])
  return ['class', 'key'].map((seed) => tieBreakHash(seed, text).toString(16).padStart(8, '0')).join('')
}
