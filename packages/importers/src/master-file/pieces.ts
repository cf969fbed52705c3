import { type Name, type Place, printName, type Word } from '@windrose/dns'

/** A part of a master file and of what it includes, in their order. */
export type Piece = TextPiece | RecordPiece

/** What is taken over as it is: comments, empty lines, directives. */
export interface TextPiece {
  readonly kind: 'text'
  readonly text: string
  /** Of a directive. */
  readonly place?: Place | undefined
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

/** The text of pieces, and which one each of its lines is from. */
export interface PrintedPieces {
  readonly text: string
  /** By line, counted from 0. */
  readonly lines: readonly Piece[]
}

/**
 * The text of pieces again, some of them left out. A record that has lost the line above it, from which it had its owner,
 * is given the owner in words.
 */
export function printPieces(pieces: readonly Piece[]): PrintedPieces {
  let text = ''
  let last: Name | undefined
  const lines: Piece[] = []
  for (const piece of pieces) {
    const isOrphan = piece.kind === 'record' && !piece.hasOwner && piece.owner !== undefined && piece.owner !== last
    const own = isOrphan ? `${printName(piece.owner!)} ${piece.text.trimStart()}` : piece.text
    const whole = own.endsWith('\n') ? own : `${own}\n`
    text += whole
    for (let count = whole.split('\n').length - 1; count > 0; count--) lines.push(piece)
    if (piece.kind === 'record') last = piece.owner
  }
  return { text, lines }
}
