import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { decodeTargetState, encodeTargetState, type HealthState, healthStateOf, type Override } from '@windrose/health'

/** What a server knew when it was last well: it starts with this where the store cannot be reached. */
export interface WarmState {
  readonly state: HealthState
  readonly overrides: readonly Override[]
  /** Epoch milliseconds. */
  readonly writtenAt: number
}

/**
 * Writes a warm state beside the old one and renames it over: a crash leaves the old one or the new one, never half. The
 * first line is the SHA-256 of what follows.
 */
export function writeWarmState(file: string, { state, overrides, writtenAt }: WarmState): void {
  const targets = [...state.targets].map(([id, target]) => [
    id,
    Buffer.from(encodeTargetState(target)).toString('base64'),
  ])
  const body = JSON.stringify({ format: FORMAT, writtenAt, overrides, targets })
  const beside = `${file}.new-${process.pid}`
  rmSync(beside, { force: true })
  const descriptor = openSync(beside, 'wx', 0o600)
  try {
    writeFileSync(descriptor, `${digestOf(body)}\n${body}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(beside, file)
}

/** Undefined where there is none; `problem` says what is wrong with the one that is there. */
export function readWarmState(file: string): WarmState | { readonly problem: string } | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return { problem: (error as Error).message }
  }
  const end = text.indexOf('\n')
  const body = text.slice(end + 1).trimEnd()
  if (digestOf(body) !== text.slice(0, end)) return { problem: 'its checksum is not that of its content' }
  return readBody(JSON.parse(body))
}

function readBody(value: Record<string, unknown>): WarmState | { readonly problem: string } {
  if (value['format'] !== FORMAT) return { problem: `it is of format ${value['format']}, not ${FORMAT}` }
  const targets = new Map()
  for (const [id, octets] of value['targets'] as [string, string][]) {
    const target = decodeTargetState(Buffer.from(octets, 'base64'))
    // Of another version: what it says of this target is not known.
    if (!('problem' in target)) targets.set(id, target)
  }
  return {
    state: healthStateOf(targets),
    overrides: value['overrides'] as Override[],
    writtenAt: value['writtenAt'] as number,
  }
}

const FORMAT = 1

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}
