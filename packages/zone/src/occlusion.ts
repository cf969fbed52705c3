import { type PlacedRr, Rtype } from '@windrose/dns'
import { isCut, recordsOfType, type TreeNode, type ZoneTree } from './zone-tree.ts'

/** Why names below a node are not answered from their own records: it is a zone cut, or owns a DNAME. */
export interface Occluder {
  readonly kind: 'cut' | 'dname'
  readonly node: TreeNode
  /** The first of the NS records, or the DNAME. */
  readonly record: PlacedRr
}

/** Which names of a zone hide others. The highest one counts: below it nothing else is looked at (RFC 1034 4.3.2 3). */
export interface Occlusion {
  /** The nodes that hide what is below them, and are not hidden themselves. */
  readonly occluders: ReadonlyMap<TreeNode, Occluder>
  /** The hidden nodes, with what hides them. */
  readonly occluded: ReadonlyMap<TreeNode, Occluder>
}

/** A zone with what is hidden in it, as the checks read it. */
export interface CheckedZone {
  readonly tree: ZoneTree
  readonly occlusion: Occlusion
}

/** Finds what is hidden below zone cuts and DNAME owners. At a cut with a DNAME the cut counts. */
export function findOcclusion(tree: ZoneTree): Occlusion {
  const occluders = new Map<TreeNode, Occluder>()
  const occluded = new Map<TreeNode, Occluder>()
  for (const node of tree.nodes.values()) {
    const above = node.parent && (occluded.get(node.parent) ?? occluders.get(node.parent))
    const occluder = above === undefined ? occluderAt(node) : undefined
    if (above !== undefined) occluded.set(node, above)
    else if (occluder !== undefined) occluders.set(node, occluder)
  }
  return { occluders, occluded }
}

function occluderAt(node: TreeNode): Occluder | undefined {
  const [ns] = isCut(node) ? recordsOfType(node, Rtype.NS) : []
  if (ns !== undefined) return { kind: 'cut', node, record: ns }
  const [dname] = recordsOfType(node, Rtype.DNAME)
  return dname && { kind: 'dname', node, record: dname }
}
