import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import type { Words } from './words.ts'

/** How names inside rdata are copied: as they are, or in lower case where the canonical form wants it (RFC 4034 section 6.2). */
export type NameCase = 'kept' | 'folded'

/**
 * One field of rdata. A record type is a list of fields (see layouts.ts), and what can be done with a type follows
 * from what can be done with its fields.
 */
export interface Field {
  /** Wire format to uncompressed wire format; fails the reader when the field is malformed. */
  parse(reader: Reader, writer: Writer, nameCase: NameCase): void
  /** Presentation format to wire format; refuses a word when it is wrong. */
  read(words: Words, writer: Writer): void
  /** Uncompressed wire format to presentation format; '' when the field has none. */
  print(reader: Reader): string
}
