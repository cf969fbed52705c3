/**
 * What an image holds, by number: zones, nodes (names) and RRsets are counted from 0. A number that does not exist
 * gives no meaningful result. Only the accessors that return an object allocate.
 */
import {
  HEADER_MAGIC,
  HEADER_NODE_TABLE,
  HEADER_NODES,
  HEADER_RDATA_TABLE,
  HEADER_RRSET_TABLE,
  HEADER_RRSETS,
  HEADER_VERSION,
  HEADER_ZONE_TABLE,
  HEADER_ZONES,
  IMAGE_MAGIC,
  IMAGE_VERSION,
  NODE_CUT,
  NODE_FIRST_RRSET,
  NODE_LENGTH,
  NODE_OWNER,
  NODE_RRSETS,
  NODE_SERVICE,
  NODE_TYPES,
  NODE_TYPES_MAX,
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

/** A run of the image's octets. */
export interface OctetRange {
  readonly start: number
  readonly length: number
}

/** Whether memory that came from elsewhere is an image of the layout that this program reads. */
export function isZoneImage(image: ZoneImage): boolean {
  return image.words[HEADER_MAGIC] === IMAGE_MAGIC && image.words[HEADER_VERSION] === IMAGE_VERSION
}

export function zoneCount(image: ZoneImage): number {
  return image.words[HEADER_ZONES]!
}

export function nodeCount(image: ZoneImage): number {
  return image.words[HEADER_NODES]!
}

export function rrsetCount(image: ZoneImage): number {
  return image.words[HEADER_RRSETS]!
}

/** The node of the zone's apex. */
export function zoneApex(image: ZoneImage, zone: number): number {
  return zoneWord(image, zone, ZONE_APEX)
}

/** Octets of the apex's name. */
export function zoneApexLength(image: ZoneImage, zone: number): number {
  return nodeWord(image, zoneApex(image, zone), NODE_LENGTH)
}

/** The RRset of the zone's SOA record. */
export function zoneSoa(image: ZoneImage, zone: number): number {
  return zoneWord(image, zone, ZONE_SOA)
}

/** The RRset of the apex's NS records. */
export function zoneNs(image: ZoneImage, zone: number): number {
  return zoneWord(image, zone, ZONE_NS)
}

/** Seconds for which NXDOMAIN and NODATA may be kept, and the SOA record's TTL in such an answer (RFC 2308 section 5). */
export function negativeTtl(image: ZoneImage, zone: number): number {
  return zoneWord(image, zone, ZONE_NEGATIVE_TTL)
}

/** The node's name as the file writes it, uncompressed. */
export function nodeOwner(image: ZoneImage, node: number): OctetRange {
  return { start: nodeWord(image, node, NODE_OWNER), length: nodeWord(image, node, NODE_LENGTH) }
}

export function nodeZone(image: ZoneImage, node: number): number {
  return nodeWord(image, node, NODE_ZONE)
}

/** The service that a steered name points at; -1 when the name is not steered. */
export function nodeService(image: ZoneImage, node: number): number {
  return nodeWord(image, node, NODE_SERVICE)
}

/** The node of the zone cut at or above this one; -1 when the node's data is authoritative. */
export function nodeCut(image: ZoneImage, node: number): number {
  return nodeWord(image, node, NODE_CUT)
}

/** The first of the node's RRsets: they are neighbours, in ascending order of type. */
export function nodeFirstRrset(image: ZoneImage, node: number): number {
  return nodeWord(image, node, NODE_FIRST_RRSET)
}

/** How many RRsets the node has; an empty non-terminal has none. */
export function nodeRrsetCount(image: ZoneImage, node: number): number {
  return nodeWord(image, node, NODE_RRSETS)
}

/** The node's RRset of a type, or -1. Says nothing of whether the node's data is authoritative or glue. */
export function nodeRrset(image: ZoneImage, node: number, rtype: number): number {
  const { words } = image
  const at = words[HEADER_NODE_TABLE]! + node * NODE_WORDS
  const first = words[at + NODE_FIRST_RRSET]!
  const count = words[at + NODE_RRSETS]!
  const near = Math.min(count, NODE_TYPES_MAX)
  for (let i = 0; i < near; i++) {
    if (words[at + NODE_TYPES + i] === rtype) return first + i
  }
  for (let i = near; i < count; i++) {
    if (rrsetType(image, first + i) === rtype) return first + i
  }
  return -1
}

export function rrsetType(image: ZoneImage, rrset: number): number {
  return rrsetWord(image, rrset, RRSET_TYPE)
}

/** Seconds, at most 2^31 - 1. */
export function rrsetTtl(image: ZoneImage, rrset: number): number {
  return rrsetWord(image, rrset, RRSET_TTL)
}

/** How many records the RRset has. */
export function rrsetSize(image: ZoneImage, rrset: number): number {
  return rrsetWord(image, rrset, RRSET_SIZE)
}

export function rrsetNode(image: ZoneImage, rrset: number): number {
  return rrsetWord(image, rrset, RRSET_NODE)
}

/** The owner's name as the file writes it, uncompressed. */
export function rrsetOwner(image: ZoneImage, rrset: number): OctetRange {
  return nodeOwner(image, rrsetNode(image, rrset))
}

/** Offset in octets of the rdata of record `i` of an RRset. */
export function rdataStart(image: ZoneImage, rrset: number, i: number): number {
  return rdataWord(image, rrsetWord(image, rrset, RRSET_FIRST_RDATA) + i, RDATA_START)
}

/** Octets of the rdata of record `i` of an RRset. */
export function rdataLength(image: ZoneImage, rrset: number, i: number): number {
  return rdataWord(image, rrsetWord(image, rrset, RRSET_FIRST_RDATA) + i, RDATA_LENGTH)
}

function zoneWord(image: ZoneImage, zone: number, word: number): number {
  return image.words[image.words[HEADER_ZONE_TABLE]! + zone * ZONE_WORDS + word]!
}

function nodeWord(image: ZoneImage, node: number, word: number): number {
  return image.words[image.words[HEADER_NODE_TABLE]! + node * NODE_WORDS + word]!
}

function rrsetWord(image: ZoneImage, rrset: number, word: number): number {
  return image.words[image.words[HEADER_RRSET_TABLE]! + rrset * RRSET_WORDS + word]!
}

function rdataWord(image: ZoneImage, rdata: number, word: number): number {
  return image.words[image.words[HEADER_RDATA_TABLE]! + rdata * RDATA_WORDS + word]!
}
