import type { Logger } from '../log.ts'
import { readCheckedFile, writeCheckedFile } from '../state/checked-file.ts'

/**
 * What was placed when the server was last well; undefined where that is not known, or too long ago. A server that starts
 * without sends everybody where policy has them: to sites that are full, at once.
 */
export function readPlacement(file: string, log: Logger, nowMs: number = Date.now()): Uint8Array | undefined {
  const read = readCheckedFile(file, FORMAT)
  if (read === undefined) return undefined
  if ('problem' in read) {
    log.error({ component: 'capacity', file }, `${file} cannot be used, starting without it: ${read.problem}`)
    return undefined
  }
  const { writtenAt, record } = read.content
  if (typeof record !== 'string' || Math.abs(nowMs - Number(writtenAt)) > KEPT_MS) return undefined
  return Buffer.from(record, 'base64')
}

/** Writes what is placed to disk, some seconds after it changed and when the server stops. Gives what ends it. */
export function keepPlacement(file: string, placement: () => Uint8Array | undefined, log: Logger): () => void {
  let written: Uint8Array | undefined
  let isTold = false
  const write = (): void => {
    const record = placement()
    if (record === undefined || record === written) return
    try {
      writeCheckedFile(file, FORMAT, { writtenAt: Date.now(), record: Buffer.from(record).toString('base64') })
      written = record
      isTold = false
    } catch (error) {
      if (!isTold) log.error({ component: 'capacity', file, err: error }, `cannot keep what is placed in ${file}`)
      isTold = true
    }
  }
  const timer = setInterval(write, WRITE_MS).unref()
  return () => {
    clearInterval(timer)
    write()
  }
}

const FORMAT = 1
const WRITE_MS = 5000
/** Demand of ten minutes ago says little of now. */
const KEPT_MS = 600_000
