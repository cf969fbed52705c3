import { type Name, readMasterFile } from '@windrose/dns'
import { type Draft, type DraftSteering, note } from '../draft.ts'
import { missingAtApex } from '../static-records.ts'
import type { Piece, RecordPiece } from './pieces.ts'
import { printPieces } from './pieces.ts'
import { shorten } from './read-pieces.ts'
import { printOwner } from './steered-owner.ts'

export interface ZoneToSettle {
  readonly apex: Name
  /** Lines above the pieces. */
  readonly header: string
  readonly pieces: readonly Piece[]
  readonly steer: DraftSteering
}

/**
 * The text of a master file that windrose reads: without records that a steered name has in another way, and without those
 * that only the other program understands. All of them are listed.
 */
export function settleZone(draft: Draft, { apex, header, pieces, steer }: ZoneToSettle): string {
  const leave = (piece: Piece, why: string, instead: string): void => {
    const { place } = piece
    if (place !== undefined) note(draft, 'left out', place, { source: shorten(piece.text), why, instead })
  }
  let kept = pieces.filter((piece) => {
    if (piece.kind === 'text' || !isBesideSteered(piece, apex, steer)) return true
    leave(piece, 'the name is steered, and its addresses are those of the service', 'add it to the service by hand')
    return false
  })
  for (;;) {
    const { text, lines } = printPieces(kept)
    const { problems } = readMasterFile({ file: '', text: `${header}${text}`, origin: apex })
    const headerLines = header.split('\n').length - 1
    const wrong = new Map<Piece, string>()
    for (const { severity, place, message } of problems) {
      const piece = lines[place.line - 1 - headerLines]
      if (severity === 'error' && piece !== undefined && !wrong.has(piece)) wrong.set(piece, message)
    }
    if (wrong.size === 0) {
      const place = pieces.find((piece) => piece.place !== undefined)?.place
      return `${header}${missingAtApex(draft, { apex, text: `${header}${text}`, place: place ?? NOWHERE })}${text}`
    }
    for (const [piece, message] of wrong)
      leave(piece, message, 'write it to the master file by hand, as windrose reads it')
    kept = kept.filter((piece) => !wrong.has(piece))
  }
}

const NOWHERE = { file: 'zone', line: 1, column: 1 }

/** A steered name has no A, AAAA or CNAME of its own. */
function isBesideSteered({ owner, type }: RecordPiece, apex: Name, steer: DraftSteering): boolean {
  if (owner === undefined || !(type === 'A' || type === 'AAAA' || type === 'CNAME')) return false
  return steer.has(printOwner(owner, apex))
}
