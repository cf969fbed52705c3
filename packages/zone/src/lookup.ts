/**
 * Looks up one name in all zones: step 3 of RFC 1034 section 4.3.2, with the wildcards of RFC 4592.
 *
 *   the closest name that exists, at the question's or above it
 *     in no zone ........................... outside
 *     at or below a zone cut ............... referral    (but the DS of the cut itself is the parent's to answer)
 *     below a DNAME ........................ dname
 *     the very name, type held ............. rrset
 *     the very name, an alias .............. cname
 *     the very name, steered, A or AAAA .... steered
 *     the very name, none of these ......... nodata      (empty non-terminals exist: RFC 4592 section 2.2.2)
 *     above, and a wildcard is below it .... as for the very name, owned by the question's
 *     above, no wildcard ................... nxdomain
 *
 * It never follows a CNAME or DNAME: its caller looks the target up as a question of its own.
 */
import { Rtype } from '@windrose/dns'
import { findSuffix } from './find-node.ts'
import { nodeRrset } from './image.ts'
import {
  HAS_CNAME,
  HAS_DNAME,
  HEADER_DEEPEST,
  HEADER_NODE_TABLE,
  NODE_CUT,
  NODE_DNAME,
  NODE_FLAGS,
  NODE_LENGTH,
  NODE_PARENT_SIDE,
  NODE_SERVICE,
  NODE_WILDCARD,
  NODE_WORDS,
  NODE_ZONE,
  type ZoneImage,
} from './image-layout.ts'
import type { QnameScan } from './qname-scan.ts'

/** What a look-up can end with. Numbers, so that a result can be reused without changing its shape. */
export const Found = {
  outside: 0,
  rrset: 1,
  steered: 2,
  cname: 3,
  dname: 4,
  referral: 5,
  nodata: 6,
  nxdomain: 7,
} as const
export type Found = (typeof Found)[keyof typeof Found]

/** The result of a look-up: one object for a thread, written again by every look-up. */
export interface Lookup {
  kind: Found
  /** The zone that answers: its SOA belongs into a negative answer. -1 outside. */
  zone: number
  /** The node that answers: the name's, the wildcard's, the cut's or the DNAME owner's; -1 for nxdomain and outside. */
  node: number
  /**
   * The answer's RRset, the CNAME, the DNAME or the cut's NS; -1 for the other kinds. A question for ANY at a name that
   * exists is kind rrset: with the CNAME where there is one (RFC 8482 4.2), else with -1, as which RRset stands for all of
   * them is the caller's choice.
   */
  rrset: number
  /** The service of a steered name; -1 for the other kinds. */
  service: number
  /**
   * Octets of the closest encloser's name, of the cut's or of the DNAME owner's. The question's name ends with it, so
   * it also says where a pointer into the question has to lead. All of the name when the name itself exists.
   */
  encloserLength: number
  /** Whether the node is a wildcard from which the answer is synthesised: its owner is the question's name. */
  wildcard: boolean
}

export function createLookup(): Lookup {
  return { kind: Found.outside, zone: -1, node: -1, rrset: -1, service: -1, encloserLength: 0, wildcard: false }
}

/** Looks the scanned name up and writes the result into `found`. Allocates nothing. */
export function lookup(image: ZoneImage, scan: QnameScan, qtype: number, found: Lookup): void {
  clear(found)
  const { words } = image
  const { labels } = scan
  const nodes = words[HEADER_NODE_TABLE]!
  const deepest = words[HEADER_DEEPEST]!
  let label = labels > deepest ? labels - deepest : 0
  let node = findSuffix(image, scan, label)
  while (node < 0 && label < labels) {
    label++
    node = findSuffix(image, scan, label)
  }
  if (node < 0) return

  const exact = label === 0
  if (exact && qtype === Rtype.DS) node = dsSide(words, nodes, node)
  const at = nodes + node * NODE_WORDS
  found.zone = words[at + NODE_ZONE]!

  const cut = words[at + NODE_CUT]!
  if (cut >= 0 && !(exact && cut === node && qtype === Rtype.DS)) {
    divert(image, cut, Rtype.NS, found)
    found.kind = Found.referral
    return
  }
  let dname = words[at + NODE_DNAME]!
  if (dname < 0 && !exact && (words[at + NODE_FLAGS]! & HAS_DNAME) !== 0) dname = node
  if (dname >= 0) {
    divert(image, dname, Rtype.DNAME, found)
    found.kind = Found.dname
    return
  }
  found.encloserLength = scan.length - scan.labelStart[label]!
  if (exact) {
    answerFrom(image, node, qtype, found)
    return
  }
  const wildcard = words[at + NODE_WILDCARD]!
  if (wildcard < 0) {
    found.kind = Found.nxdomain
    return
  }
  found.wildcard = true
  answerFrom(image, wildcard, qtype, found)
}

/** A DS record belongs to the parent's side of a zone cut (RFC 4035 section 3.1.4.1), where the parent is here too. */
function dsSide(words: Int32Array, nodes: number, node: number): number {
  const parentSide = words[nodes + node * NODE_WORDS + NODE_PARENT_SIDE]!
  return parentSide < 0 ? node : parentSide
}

/** The name is not this node's to answer: the RRset at the node above says where to go. */
function divert(image: ZoneImage, node: number, rtype: number, found: Lookup): void {
  const { words } = image
  found.node = node
  found.rrset = nodeRrset(image, node, rtype)
  found.encloserLength = words[words[HEADER_NODE_TABLE]! + node * NODE_WORDS + NODE_LENGTH]!
}

/** The name is this node's, or matches this wildcard. */
function answerFrom(image: ZoneImage, node: number, qtype: number, found: Lookup): void {
  found.node = node
  const { words } = image
  const at = words[HEADER_NODE_TABLE]! + node * NODE_WORDS
  if (qtype === Rtype.ANY) {
    found.kind = Found.rrset
    if ((words[at + NODE_FLAGS]! & HAS_CNAME) !== 0) found.rrset = nodeRrset(image, node, Rtype.CNAME)
    return
  }
  // What may stand beside a CNAME (RRSIG, NSEC) is answered like the CNAME itself: RFC 4035 section 2.5.
  found.rrset = nodeRrset(image, node, qtype)
  if (found.rrset >= 0) {
    found.kind = Found.rrset
    return
  }
  if ((words[at + NODE_FLAGS]! & HAS_CNAME) !== 0) {
    found.rrset = nodeRrset(image, node, Rtype.CNAME)
    found.kind = Found.cname
    return
  }
  const service = words[at + NODE_SERVICE]!
  if (service >= 0 && (qtype === Rtype.A || qtype === Rtype.AAAA)) {
    found.service = service
    found.kind = Found.steered
    return
  }
  found.kind = Found.nodata
}

function clear(found: Lookup): void {
  found.kind = Found.outside
  found.zone = -1
  found.node = -1
  found.rrset = -1
  found.service = -1
  found.encloserLength = 0
  found.wildcard = false
}
