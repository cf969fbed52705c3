import type { Name, Place, Word } from '@windrose/dns'

/** A part of a master file and of what it includes, in their order. */
export type Piece = TextPiece | RecordPiece

/** What is taken over as it is: comments, empty lines, directives. */
export interface TextPiece {
  readonly kind: 'text'
  readonly text: string
}

/** A record as it is written: what its type and rdata mean is not looked at. */
export interface RecordPiece {
  readonly kind: 'record'
  /** Undefined when it could not be read, or when there is none yet. */
  readonly owner: Name | undefined
  /** What relative names in the rdata are relative to. */
  readonly origin: Name
  /** Whether the line begins with its owner; else it is that of the record before. */
  readonly hasOwner: boolean
  /** As written: `300`, `1h`, and where a program takes it also `300/30`. */
  readonly ttl: Word | undefined
  /** The TTL that a $TTL gave before, in seconds. */
  readonly defaultTtl: number | undefined
  /** In capitals; empty when the line ends before it. */
  readonly type: string
  readonly rdata: readonly Word[]
  /** The lines of the record with their ends. */
  readonly text: string
  readonly place: Place
}

/**
 * The text of pieces again, some of them left out. A record that has lost the line above it, from which it had its owner,
 * is given the owner in words.
 */
export function printPieces(pieces: readonly Piece[], printName: (name: Name) => string): string {
  let text = ''
  let last: Name | undefined
  for (const piece of pieces) {
    const end = text === '' || text.endsWith('\n') ? '' : '\n'
    if (piece.kind === 'text') {
      text += `${end}${piece.text}`
      continue
    }
    const isOrphan = !piece.hasOwner && piece.owner !== undefined && piece.owner !== last
    text += `${end}${isOrphan ? `${printName(piece.owner!)} ${piece.text.trimStart()}` : piece.text}`
    last = piece.owner
  }
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
