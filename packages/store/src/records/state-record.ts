/**
 * Verdict states of targets in octets, as the keeper writes them.
 *
 *   0      format, 1
 *   1-4    fence of the keeper
 *   5-8    sequence
 *   9-12   number of rows
 *   13-    rows: the target's id (16 octets), length of the state (2 octets), the state
 *
 * What a keeper decides beside verdicts has a name for an id: `@` and up to 14 small letters, digits and hyphens, in ASCII,
 * with zeros behind it. Where it is longer than a row can be, rows with the same name follow one another.
 */
export interface StateRecord {
  readonly fence: number
  readonly sequence: number
  /** By target id; the octets are of the record. */
  readonly states: ReadonlyMap<string, Uint8Array>
}

export function encodeStates({ fence, sequence, states }: StateRecord): Uint8Array {
  const rows = [...states].flatMap(([id, state]) => piecesOf(state).map((piece) => [id, piece] as const))
  const octets = Buffer.alloc(rows.reduce((length, [, piece]) => length + ROW + piece.length, HEADER))
  octets[0] = FORMAT
  octets.writeUInt32BE(fence, 1)
  octets.writeUInt32BE(sequence, 5)
  octets.writeUInt32BE(rows.length, 9)
  let place = HEADER
  for (const [id, piece] of rows) {
    octets.write(id, place, 16, id.startsWith('@') ? 'latin1' : 'hex')
    octets.writeUInt16BE(piece.length, place + 16)
    octets.set(piece, place + ROW)
    place += ROW + piece.length
  }
  return octets
}

function piecesOf(state: Uint8Array): readonly Uint8Array[] {
  const pieces = [state.subarray(0, PIECE_MAX)]
  for (let at = PIECE_MAX; at < state.length; at += PIECE_MAX) pieces.push(state.subarray(at, at + PIECE_MAX))
  return pieces
}

export function decodeStates(octets: Uint8Array): StateRecord | { readonly problem: string } {
  if (octets.length < HEADER) return { problem: `${octets.length} octets are no record of states` }
  if (octets[0] !== FORMAT)
    return { problem: `states of format ${octets[0]}, not ${FORMAT}: written by another version` }
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  const states = new Map<string, Uint8Array>()
  let place = HEADER
  for (let left = view.readUInt32BE(9); left > 0; left--) {
    if (place + ROW > view.length) return { problem: 'a row of states is cut off' }
    const end = place + ROW + view.readUInt16BE(place + 16)
    if (end > view.length) return { problem: 'a state is cut off' }
    const id = readId(view, place)
    const piece = view.subarray(place + ROW, end)
    const begun = states.get(id)
    states.set(id, begun === undefined ? piece : Buffer.concat([begun, piece]))
    place = end
  }
  if (place !== view.length) return { problem: `${view.length - place} octets behind the last state` }
  return { fence: view.readUInt32BE(1), sequence: view.readUInt32BE(5), states }
}

function readId(view: Buffer, place: number): string {
  return NAME.exec(view.toString('latin1', place, place + 16))?.[1] ?? view.toString('hex', place, place + 16)
}

/** One hash in 2^55 looks like it. */
const NAME = /^(@[a-z0-9-]{1,14})\0+$/
const PIECE_MAX = 0xffff
const FORMAT = 1
const HEADER = 13
const ROW = 18
