import { isWildcard, type Name, nameKey, type PlacedRr, Rtype } from '@windrose/dns'
import type { SteeredName, Zone } from './zone.ts'

/**
 * The names of one zone, at load: every name that exists in it with what is there, also the empty non-terminals
 * between them and the apex (RFC 4592 section 2.2.2).
 */
export interface ZoneTree {
  readonly apex: TreeNode
  /** By nameKey. In an order in which every name follows the name above it. */
  readonly nodes: ReadonlyMap<string, TreeNode>
}

export interface TreeNode {
  /** As first written. */
  readonly owner: Name
  /** The name above; undefined at the apex. */
  readonly parent: TreeNode | undefined
  /** In the order of the file. */
  readonly records: readonly PlacedRr[]
  readonly steered: readonly SteeredName[]
}

/**
 * Grows the tree of a zone whose records and steered names are all at the apex or below it. The names `also` exist in
 * it whatever the zone says.
 */
export function growTree(zone: Zone, also: readonly Name[] = []): ZoneTree {
  const apex: GrowingNode = { owner: zone.apex, parent: undefined, records: [], steered: [] }
  const nodes = new Map<string, GrowingNode>([[nameKey(zone.apex), apex]])
  for (const record of zone.records) growNode(nodes, record.owner).records.push(record)
  for (const steered of zone.steered) growNode(nodes, steered.owner).steered.push(steered)
  for (const name of also) growNode(nodes, name)
  return { apex, nodes }
}

/** The key of the name one label above. */
export function parentKey(key: string): string {
  return key.slice(1 + key.charCodeAt(0))
}

/** True for a name below the apex that is delegated: it has NS records. */
export function isCut(node: TreeNode): boolean {
  return node.parent !== undefined && !isWildcard(node.owner) && hasType(node, Rtype.NS)
}

/** True when the node has a record of the type. */
export function hasType(node: TreeNode, rtype: number): boolean {
  return node.records.some((record) => record.rtype === rtype)
}

/** The records of one type, in the order of the file. */
export function recordsOfType(node: TreeNode, rtype: number): readonly PlacedRr[] {
  return node.records.filter((record) => record.rtype === rtype)
}

interface GrowingNode extends TreeNode {
  readonly records: PlacedRr[]
  readonly steered: SteeredName[]
}

/** The node of a name, made together with the names between it and the nearest one that is there. */
function growNode(nodes: Map<string, GrowingNode>, owner: Name): GrowingNode {
  const key = nameKey(owner)
  const known = nodes.get(key)
  if (known !== undefined) return known
  const missing = [key]
  let above = parentKey(key)
  while (!nodes.has(above)) {
    missing.push(above)
    above = parentKey(above)
  }
  let node = nodes.get(above)!
  while (missing.length > 0) {
    const next = missing.pop()!
    node = { owner: owner.subarray(owner.length - next.length), parent: node, records: [], steered: [] }
    nodes.set(next, node)
  }
  return node
}
