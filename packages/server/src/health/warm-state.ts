import { decodeTargetState, encodeTargetState, type HealthState, healthStateOf, type Override } from '@windrose/health'
import { readCheckedFile, writeCheckedFile } from '../state/checked-file.ts'

/** What a server knew when it was last well: it starts with this where the store cannot be reached. */
export interface WarmState {
  readonly state: HealthState
  readonly overrides: readonly Override[]
  /** Epoch milliseconds. */
  readonly writtenAt: number
}

export function writeWarmState(file: string, { state, overrides, writtenAt }: WarmState): void {
  const targets = [...state.targets].map(([id, target]) => [
    id,
    Buffer.from(encodeTargetState(target)).toString('base64'),
  ])
  writeCheckedFile(file, FORMAT, { writtenAt, overrides, targets })
}

/** Undefined where there is none; `problem` says what is wrong with the one that is there. */
export function readWarmState(file: string): WarmState | { readonly problem: string } | undefined {
  const read = readCheckedFile(file, FORMAT)
  if (read === undefined || 'problem' in read) return read
  const { content } = read
  const targets = new Map()
  for (const [id, octets] of content['targets'] as [string, string][]) {
    const target = decodeTargetState(Buffer.from(octets, 'base64'))
    // Of another version: what it says of this target is not known.
    if (!('problem' in target)) targets.set(id, target)
  }
  return {
    state: healthStateOf(targets),
    overrides: content['overrides'] as Override[],
    writtenAt: content['writtenAt'] as number,
  }
}

const FORMAT = 1
