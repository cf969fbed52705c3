/**
 * All zones as flat, immutable memory: 32-bit words for tables, octets for names and rdata.
 *
 *   header        HEADER_WORDS
 *   zone table    ZONE_WORDS each, in the order in which the zones were given
 *   node table    NODE_WORDS each: every name that exists (RFC 4592 section 2.2.2), also without records
 *   RRset table   RRSET_WORDS each: the RRsets of a node are neighbours, in ascending order of type
 *   rdata table   RDATA_WORDS each: the rdata of an RRset are neighbours, in the order of the file
 *   index         SLOT_WORDS each, open addressing with linear probing, at most half full
 *
 * Tables refer to each other by number, -1 where there is nothing. Offsets of tables are in words. A node takes two
 * lines of a cache, of 64 octets each: what it is, and its name.
 */
export interface ZoneImage {
  /** Lies on a SharedArrayBuffer, so that handing it to a thread costs nothing. */
  readonly words: Int32Array
  readonly octets: Uint8Array
}

/** First word of an image. */
export const IMAGE_MAGIC = 0x7a6f6e65
/** Moves when the layout below does. */
export const IMAGE_VERSION = 2

export const HEADER_WORDS = 32
export const HEADER_MAGIC = 0
export const HEADER_VERSION = 1
export const HEADER_ZONES = 2
export const HEADER_NODES = 3
export const HEADER_RRSETS = 4
/** Labels of the deepest name: no longer suffix of a question can be in the index. */
export const HEADER_DEEPEST = 5
/** Slots of the index minus one; the number of slots is a power of two. */
export const HEADER_SLOT_MASK = 6
export const HEADER_ZONE_TABLE = 7
export const HEADER_NODE_TABLE = 8
export const HEADER_RRSET_TABLE = 9
export const HEADER_RDATA_TABLE = 10
export const HEADER_INDEX = 11

export const ZONE_WORDS = 4
export const ZONE_APEX = 0
export const ZONE_SOA = 1
export const ZONE_NS = 2
export const ZONE_NEGATIVE_TTL = 3

export const NODE_WORDS = 32
/** Offset in octets of the name in lower case. */
export const NODE_FOLDED = 0
/** Octets of the name. */
export const NODE_LENGTH = 1
/** Offset in octets of the name as the file writes it; the same as NODE_FOLDED where that is in lower case. */
export const NODE_OWNER = 2
export const NODE_ZONE = 3
/** Index of the service that a steered name points at. */
export const NODE_SERVICE = 4
export const NODE_FLAGS = 5
/** At the apex of a zone whose parent zone is here too: the parent's node of the same name. */
export const NODE_PARENT_SIDE = 6
export const NODE_FIRST_RRSET = 7
export const NODE_RRSETS = 8
/** The child whose label is `*`. */
export const NODE_WILDCARD = 9
/** The zone cut at or above the node. */
export const NODE_CUT = 10
/** The DNAME owner strictly above the node. */
export const NODE_DNAME = 11

/** The types of the node's first NODE_TYPES_MAX RRsets, so that most questions never touch the RRset table. */
export const NODE_TYPES = 12
export const NODE_TYPES_MAX = 4

/**
 * The name in lower case, four octets a word, the first in the lowest bits (as in the memory of all machines that Node
 * runs well on), with zeros behind it: found here, it costs no third line of the cache. A longer name lies at NODE_FOLDED
 * alone.
 */
export const NODE_NAME = 16
export const NODE_NAME_OCTETS = 64

/** Bits of NODE_FLAGS. */
export const HAS_CNAME = 1
export const HAS_DNAME = 2

export const RRSET_WORDS = 8
export const RRSET_TYPE = 0
export const RRSET_TTL = 1
export const RRSET_SIZE = 2
export const RRSET_FIRST_RDATA = 3
export const RRSET_NODE = 4

export const RDATA_WORDS = 2
export const RDATA_START = 0
export const RDATA_LENGTH = 1

export const SLOT_WORDS = 2
export const SLOT_HASH = 0
/** The node's number plus one: an empty slot is 0, as fresh memory is. */
export const SLOT_NODE = 1
