import { foldName, Rtype } from '@windrose/dns'
import { allocateImage, isFolded } from './allocate-image.ts'
import { nodeRrset } from './image.ts'
import {
  HAS_CNAME,
  HAS_DNAME,
  HEADER_NODE_TABLE,
  HEADER_RDATA_TABLE,
  HEADER_RRSET_TABLE,
  HEADER_ZONE_TABLE,
  NODE_CUT,
  NODE_DNAME,
  NODE_FIRST_RRSET,
  NODE_FLAGS,
  NODE_FOLDED,
  NODE_LENGTH,
  NODE_NAME,
  NODE_NAME_OCTETS,
  NODE_OWNER,
  NODE_PARENT_SIDE,
  NODE_RRSETS,
  NODE_SERVICE,
  NODE_TYPES,
  NODE_TYPES_MAX,
  NODE_WILDCARD,
  NODE_WORDS,
  NODE_ZONE,
  RDATA_LENGTH,
  RDATA_START,
  RDATA_WORDS,
  RRSET_FIRST_RDATA,
  RRSET_NODE,
  RRSET_SIZE,
  RRSET_TTL,
  RRSET_TYPE,
  RRSET_WORDS,
  ZONE_APEX,
  ZONE_NEGATIVE_TTL,
  ZONE_NS,
  ZONE_SOA,
  ZONE_WORDS,
  type ZoneImage,
} from './image-layout.ts'
import { type PlannedNode, planImage } from './image-plan.ts'
import { indexNodes } from './index-nodes.ts'
import { effectiveTtl, negativeTtlOf } from './negative-ttl.ts'
import { type Rrset, rrsetsOf } from './rrsets.ts'
import type { Zone } from './zone.ts'
import { hasType, recordsOfType } from './zone-tree.ts'

/**
 * Compiles zones into one image on shared memory; zone numbers are places in the list. The zones are as buildZone
 * gives them. Nothing in the image depends on anything but the zones, so equal zones give equal images.
 */
export function compileZones(zones: readonly Zone[]): ZoneImage {
  const plan = planImage(zones)
  const rrsets = plan.nodes.map(({ name }) => rrsetsOf(name.records))
  const image = allocateImage(plan, rrsets)
  const fill: Fill = { image, octets: 0, rrsets: 0, rdatas: 0 }
  plan.nodes.forEach((planned, node) => {
    fillNode(fill, node, planned)
  })
  // After all names, so that names lie close together: they are read with every question, rdata when the image is new.
  rrsets.forEach((ofNode, node) => {
    fillRrsets(fill, node, ofNode)
  })
  plan.apexes.forEach((apex, zone) => {
    fillZone(image, zone, apex, plan.nodes[apex]!)
  })
  indexNodes(image, plan.nodes)
  return image
}

/** How far each part of an image is filled. */
interface Fill {
  readonly image: ZoneImage
  octets: number
  rrsets: number
  rdatas: number
}

function fillNode(fill: Fill, node: number, planned: PlannedNode): void {
  const { words } = fill.image
  const { name } = planned
  const at = words[HEADER_NODE_TABLE]! + node * NODE_WORDS
  const folded = foldName(name.owner)
  words[at + NODE_FOLDED] = fillOctets(fill, folded)
  if (folded.length <= NODE_NAME_OCTETS) {
    folded.forEach((octet, i) => {
      words[at + NODE_NAME + (i >> 2)]! |= octet << ((i & 3) * 8)
    })
  }
  words[at + NODE_OWNER] = isFolded(name.owner) ? words[at + NODE_FOLDED]! : fillOctets(fill, name.owner)
  words[at + NODE_LENGTH] = name.owner.length
  words[at + NODE_ZONE] = planned.zone
  words[at + NODE_SERVICE] = name.steered[0]?.service ?? -1
  words[at + NODE_FLAGS] = (hasType(name, Rtype.CNAME) ? HAS_CNAME : 0) | (hasType(name, Rtype.DNAME) ? HAS_DNAME : 0)
  words[at + NODE_PARENT_SIDE] = planned.parentSide
  words[at + NODE_WILDCARD] = planned.wildcard
  words[at + NODE_CUT] = planned.cut
  words[at + NODE_DNAME] = planned.dname
}

function fillRrsets(fill: Fill, node: number, rrsets: readonly Rrset[]): void {
  const { words } = fill.image
  const at = words[HEADER_NODE_TABLE]! + node * NODE_WORDS
  words[at + NODE_FIRST_RRSET] = fill.rrsets
  words[at + NODE_RRSETS] = rrsets.length
  rrsets.slice(0, NODE_TYPES_MAX).forEach((rrset, i) => {
    words[at + NODE_TYPES + i] = rrset[0]!.rtype
  })
  for (const rrset of rrsets) fillRrset(fill, node, rrset)
}

function fillRrset(fill: Fill, node: number, rrset: Rrset): void {
  const { words } = fill.image
  const at = words[HEADER_RRSET_TABLE]! + fill.rrsets * RRSET_WORDS
  words[at + RRSET_TYPE] = rrset[0]!.rtype
  words[at + RRSET_TTL] = effectiveTtl(rrset[0]!.ttl)
  words[at + RRSET_SIZE] = rrset.length
  words[at + RRSET_FIRST_RDATA] = fill.rdatas
  words[at + RRSET_NODE] = node
  for (const { rdata } of rrset) {
    const cell = words[HEADER_RDATA_TABLE]! + fill.rdatas * RDATA_WORDS
    words[cell + RDATA_START] = fillOctets(fill, rdata)
    words[cell + RDATA_LENGTH] = rdata.length
    fill.rdatas++
  }
  fill.rrsets++
}

/** Returns where the octets lie. */
function fillOctets(fill: Fill, octets: Uint8Array): number {
  const start = fill.octets
  fill.image.octets.set(octets, start)
  fill.octets = start + octets.length
  return start
}

function fillZone(image: ZoneImage, zone: number, apex: number, { name }: PlannedNode): void {
  const { words } = image
  const at = words[HEADER_ZONE_TABLE]! + zone * ZONE_WORDS
  words[at + ZONE_APEX] = apex
  words[at + ZONE_SOA] = nodeRrset(image, apex, Rtype.SOA)
  words[at + ZONE_NS] = nodeRrset(image, apex, Rtype.NS)
  words[at + ZONE_NEGATIVE_TTL] = negativeTtlOf(recordsOfType(name, Rtype.SOA)[0]!)
}
