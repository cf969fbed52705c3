import { isWildcard, type Name, nameKey } from '@windrose/dns'
import { findOcclusion } from './occlusion.ts'
import type { Zone } from './zone.ts'
import { closestZoneAbove, mapApexes } from './zone-of-name.ts'
import { growTree, type TreeNode, type ZoneTree } from './zone-tree.ts'

/** Which names become nodes, whose they are, and how they are linked. */
export interface ImagePlan {
  readonly nodes: readonly PlannedNode[]
  /** The number of each zone's apex node. */
  readonly apexes: readonly number[]
}

/** A node as the image will hold it; its place in the plan is its number. Numbers are -1 where there is nothing. */
export interface PlannedNode {
  readonly name: TreeNode
  readonly zone: number
  /** False for a parent zone's side of a child's apex: only the child's node leads there. */
  readonly isIndexed: boolean
  readonly cut: number
  readonly dname: number
  wildcard: number
  parentSide: number
}

/**
 * Plans one image for any number of zones. A name belongs to the zone with the closest apex at or above it, so what a
 * parent zone has below the apex of a child that is here too is left out; what it has at that apex is kept as the
 * parent's side of the cut. That side exists even where the parent does not delegate the child, so that the parent
 * never denies a name that this server has. Of two zones with one apex the first stands for both.
 */
export function planImage(zones: readonly Zone[]): ImagePlan {
  const keys = zones.map((zone) => nameKey(zone.apex))
  const zoneOf = mapApexes(zones)
  const nodes: PlannedNode[] = []
  const apexNodes = new Map<string, number>()
  const parentSides = new Map<string, number>()
  const trees = growTrees(zones, zoneOf)
  for (const [key, zone] of zoneOf) {
    apexNodes.set(key, nodes.length)
    planZone(nodes, trees[zone]!, { zone, zoneOf, parentSides })
  }
  for (const [key, parentSide] of parentSides) nodes[apexNodes.get(key)!]!.parentSide = parentSide
  return { nodes, apexes: keys.map((key) => apexNodes.get(key)!) }
}

/** The tree of every zone. The apex of a child is a name in its parent's tree too. */
function growTrees(zones: readonly Zone[], zoneOf: ReadonlyMap<string, number>): ZoneTree[] {
  const childApexes: Name[][] = zones.map(() => [])
  for (const { apex } of zones) {
    const parent = closestZoneAbove(zoneOf, nameKey(apex))
    if (parent !== undefined) childApexes[parent]!.push(apex)
  }
  return zones.map((zone, i) => growTree(zone, childApexes[i]))
}

interface Surroundings {
  readonly zone: number
  /** The zone of each apex, by nameKey. */
  readonly zoneOf: ReadonlyMap<string, number>
  /** Written here: the parent's side of each child's apex, by nameKey. */
  readonly parentSides: Map<string, number>
}

/** Adds the nodes of one zone, its apex first. */
function planZone(nodes: PlannedNode[], tree: ZoneTree, { zone, zoneOf, parentSides }: Surroundings): void {
  const { occluders, occluded } = findOcclusion(tree)
  const numbers = new Map<TreeNode, number>()
  for (const [key, name] of tree.nodes) {
    const above = name.parent && nodes[numbers.get(name.parent) ?? -1]
    if (name.parent !== undefined && !above?.isIndexed) continue
    const hidden = occluded.get(name)
    const isIndexed = name.parent === undefined || !zoneOf.has(key)
    // Below another cut the parent zone is not here: the child then speaks for itself (RFC 4035 section 3.1.4.1).
    if (!isIndexed && hidden !== undefined) continue
    const number = nodes.length
    const occluder = hidden ?? occluders.get(name)
    numbers.set(name, number)
    if (!isIndexed) parentSides.set(key, number)
    else if (above !== undefined && isWildcard(name.owner)) above.wildcard = number
    nodes.push({
      name,
      zone,
      isIndexed,
      cut: occluder?.kind === 'cut' ? numbers.get(occluder.node)! : -1,
      dname: hidden?.kind === 'dname' ? numbers.get(hidden.node)! : -1,
      wildcard: -1,
      parentSide: -1,
    })
  }
}
