/**
 * The static responses, composed once: everything of a response that follows the question, ready to be copied.
 *
 * Names in a body are compressed against the question. Where one body serves many questions (under a wildcard, at and
 * below a cut, in a negative answer) it is composed for the longest question there can be, and each pointer moves down
 * by the difference: `pointers` lists where they stand. A pointer to the whole question (0xC00C) never moves.
 *
 * Bodies are numbered: first one for each RRset of the zone image, then one negative body for each zone.
 */
export interface BodyImage {
  /** BODY_WORDS words a body, then the lists of pointer positions. On shared memory. */
  readonly words: Int32Array
  readonly octets: Uint8Array
  /** Bodies before the first negative one. */
  readonly rrsets: number
}

/** The words of one body. */
export const Body = {
  start: 0,
  length: 1,
  /** Length without the additional records that may be left out; what is longer than a response's room is truncated. */
  required: 2,
  /** Counts of the three sections. */
  answers: 3,
  authorities: 4,
  additionals: 5,
  /** Additional records within `required`. */
  requiredAdditionals: 6,
  /** Octets of the name of the question that the body was composed for. */
  qnameLength: 7,
  /** First word of the pointer positions, and their number. */
  pointers: 8,
  pointerCount: 9,
  /** 1 where the AA bit belongs, 0 in a referral. */
  authoritative: 10,
  /**
   * 1 where the body is not the whole answer: a CNAME to a name that our zones may hold, and SVCB or HTTPS records that
   * lead to a steered name and are given its addresses as hints.
   */
  leadsOn: 11,
} as const

/** A body's words fill one line of a cache. */
export const BODY_WORDS = 16 as const

/** The body of a zone's negative answers: its SOA, for NODATA and NXDOMAIN alike. */
export function negativeBody(bodies: BodyImage, zone: number): number {
  return bodies.rrsets + zone
}

/** One word of one body. */
export function bodyWord(bodies: BodyImage, body: number, word: number): number {
  return bodies.words[body * BODY_WORDS + word]!
}
