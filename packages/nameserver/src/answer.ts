import type { Rr } from '@windrose/dns'

/** What to say, decided and not yet composed. Owners and rdata are whole names; the composer compresses them. */
export interface Answer {
  readonly rcode: number
  /** Whether this server is the authority for the question's own name. */
  readonly authoritative: boolean
  readonly answers: readonly Rr[]
  readonly authorities: readonly Rr[]
  /** Records without which the response is of no use (glue at or below the cut: RFC 9471 2.1); else it is truncated. */
  readonly glue: readonly Rr[]
  /** Records that may be left out when there is no room. */
  readonly additionals: readonly Rr[]
}
