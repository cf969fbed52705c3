/**
 * Verdict states of targets in octets, as the keeper writes them.
 *
 *   0      format, 1
 *   1-4    fence of the keeper
 *   5-8    sequence
 *   9-12   number of rows
 *   13-    rows: the target's id (16 octets), length of the state (2 octets), the state
 */
export interface StateRecord {
  readonly fence: number
  readonly sequence: number
  /** By target id; the octets are of the record. */
  readonly states: ReadonlyMap<string, Uint8Array>
}

export function encodeStates({ fence, sequence, states }: StateRecord): Uint8Array {
  let length = HEADER
  for (const state of states.values()) length += ROW + state.length
  const octets = Buffer.alloc(length)
  octets[0] = FORMAT
  octets.writeUInt32BE(fence, 1)
  octets.writeUInt32BE(sequence, 5)
  octets.writeUInt32BE(states.size, 9)
  let place = HEADER
  for (const [target, state] of states) {
    octets.write(target, place, 16, 'hex')
    octets.writeUInt16BE(state.length, place + 16)
    octets.set(state, place + ROW)
    place += ROW + state.length
  }
  return octets
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
    states.set(view.toString('hex', place, place + 16), view.subarray(place + ROW, end))
    place = end
  }
  if (place !== view.length) return { problem: `${view.length - place} octets behind the last state` }
  return { fence: view.readUInt32BE(1), sequence: view.readUInt32BE(5), states }
}

const FORMAT = 1
const HEADER = 13
const ROW = 18
