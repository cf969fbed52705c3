/** Most octets of a reason, in UTF-8. */
export const REASON_OCTETS_MAX = 120

/** A reason that fits into a record, cut between characters. */
export function shortenReason(reason: string): string {
  // No character of a text is more than three octets a UTF-16 unit.
  if (reason.length * 3 <= REASON_OCTETS_MAX) return reason
  if (encoder.encode(reason).length <= REASON_OCTETS_MAX) return reason
  const { read } = encoder.encodeInto(reason, new Uint8Array(REASON_OCTETS_MAX - ELLIPSIS_OCTETS))
  return `${reason.slice(0, read)}…`
}

const ELLIPSIS_OCTETS = 3
const encoder = new TextEncoder()
