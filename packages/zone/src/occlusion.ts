import { Rtype } from '@windrose/dns'
import { hasType, isCut, type TreeNode, type ZoneTree } from './zone-tree.ts'

/** Why names below a node are not answered from their own records: it is a zone cut, or owns a DNAME. */
export interface Occluder {
  readonly kind: 'cut' | 'dname'
  readonly node: TreeNode
}

/** Which names of a zone hide others. The highest one counts: below it nothing else is looked at (RFC 1034 4.3.2 3). */
export interface Occlusion {
  /** The nodes that hide what is below them, and are not hidden themselves. */
  readonly occluders: ReadonlyMap<TreeNode, Occluder>
  /** The hidden nodes, with what hides them. */
  readonly occluded: ReadonlyMap<TreeNode, Occluder>
}

/** Finds what is hidden below zone cuts and DNAME owners. At a cut with a DNAME the cut counts. */
export function findOcclusion(tree: ZoneTree): Occlusion {
  const occluders = new Map<TreeNode, Occluder>()
  const occluded = new Map<TreeNode, Occluder>()
  for (const node of tree.nodes.values()) {
    const above = node.parent && (occluded.get(node.parent) ?? occluders.get(node.parent))
    if (above !== undefined) occluded.set(node, above)
    else if (isCut(node)) occluders.set(node, { kind: 'cut', node })
    else if (hasType(node, Rtype.DNAME)) occluders.set(node, { kind: 'dname', node })
  }
  return { occluders, occluded }
}
