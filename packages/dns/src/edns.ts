import { Rtype } from './rtype.ts'
import type { Writer } from './writer.ts'

/** What an OPT record says, RFC 6891 section 6.1. `flags` are the 15 bits beside DO. */
export interface Edns {
  readonly payloadSize: number
  readonly version: number
  readonly dnssecOk: boolean
  readonly flags?: number
  readonly options: readonly EdnsOptionValue[]
}

/** One option: its code (see EdnsOption) and its data. */
export interface EdnsOptionValue {
  readonly code: number
  readonly data: Uint8Array
}

/** Composes the OPT record; `extendedRcode` are the upper 8 of the 12 bits of the response code. */
export function composeEdns(writer: Writer, edns: Edns, extendedRcode: number): void {
  writer.u8(0)
  writer.u16(Rtype.OPT)
  writer.u16(edns.payloadSize)
  writer.u8(extendedRcode)
  writer.u8(edns.version)
  writer.u16((edns.dnssecOk ? DNSSEC_OK : 0) | ((edns.flags ?? 0) & ~DNSSEC_OK))
  writer.u16(edns.options.reduce((sum, option) => sum + 4 + option.data.length, 0))
  for (const option of edns.options) {
    writer.u16(option.code)
    writer.u16(option.data.length)
    writer.bytes(option.data)
  }
}

/** DO, the first bit of the flags: RFC 3225 section 3. */
export const DNSSEC_OK = 0x8000
