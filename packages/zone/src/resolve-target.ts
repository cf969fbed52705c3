import { isWithin, type Name, nameKey } from '@windrose/dns'
import type { CheckedZone, Occluder } from './occlusion.ts'
import { parentKey, type TreeNode } from './zone-tree.ts'

/** Where a name that a record points at leads: what a query for it would find in this zone. */
export type Target =
  | { readonly kind: 'outside' | 'missing' }
  | { readonly kind: 'hidden'; readonly by: Occluder }
  | { readonly kind: 'found'; readonly node: TreeNode }

/** Finds a name in its zone as a query would, also by a wildcard. */
export function resolveTarget({ tree, occlusion }: CheckedZone, name: Name): Target {
  if (!isWithin(name, tree.apex.owner)) return { kind: 'outside' }
  let key = nameKey(name)
  const exact = tree.nodes.get(key)
  while (!tree.nodes.has(key)) key = parentKey(key)
  const encloser = tree.nodes.get(key)!
  const here = occlusion.occluders.get(encloser)
  const by = occlusion.occluded.get(encloser) ?? (here?.kind === 'dname' && exact !== undefined ? undefined : here)
  if (by !== undefined) return { kind: 'hidden', by }
  const node = exact ?? tree.nodes.get(WILDCARD_LABEL + key)
  return node === undefined ? { kind: 'missing' } : { kind: 'found', node }
}

/** One octet, an asterisk, in front of a nameKey. */
const WILDCARD_LABEL = '\x01*'
