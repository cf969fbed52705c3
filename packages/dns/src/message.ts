import type { Edns } from './edns.ts'
import type { Name } from './name.ts'
import type { Rr } from './rr.ts'

/**
 * A whole message as a value (RFC 1035 section 4.1): for tools, tests and building, not for the path.
 *
 * The OPT record is not among the additionals but in `edns`, and `rcode` has all of its 12 bits. `z` is the one
 * reserved bit of the header.
 */
export interface Message {
  readonly id: number
  readonly qr: boolean
  readonly opcode: number
  readonly aa: boolean
  readonly tc: boolean
  readonly rd: boolean
  readonly ra: boolean
  readonly z: boolean
  readonly ad: boolean
  readonly cd: boolean
  readonly rcode: number
  readonly questions: readonly Question[]
  readonly answers: readonly Rr[]
  readonly authorities: readonly Rr[]
  readonly additionals: readonly Rr[]
  readonly edns?: Edns
}

export interface Question {
  readonly qname: Name
  readonly qtype: number
  readonly qclass: number
}

/** The bits of the second 16 of the header: RFC 1035 section 4.1.1, AD and CD from RFC 4035 section 3.2. */
export const HeaderFlag = {
  QR: 0x8000,
  AA: 0x0400,
  TC: 0x0200,
  RD: 0x0100,
  RA: 0x0080,
  Z: 0x0040,
  AD: 0x0020,
  CD: 0x0010,
} as const

export const HEADER_OCTETS = 12
/** The most that a message may have: over TCP its length is sent in 16 bits (RFC 1035 section 4.2.2). */
export const MESSAGE_OCTETS_MAX = 0xffff
