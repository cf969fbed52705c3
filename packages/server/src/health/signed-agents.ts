import type { LastSigned, ServerSide } from '@windrose/store'
import type { Logger } from '../log.ts'
import { readCheckedFile, writeCheckedFile } from '../state/checked-file.ts'

/** What agents signed last, as this server knew it when it last ran: empty where there is no file, or it cannot be used. */
export function readSignedAgents(file: string, log: Logger): ReadonlyMap<string, LastSigned> {
  const read = readCheckedFile(file, FORMAT)
  if (read === undefined) return new Map()
  if ('problem' in read) {
    const text = `${file} cannot be used: what agents signed before is not told from what they sign now: ${read.problem}`
    log.error({ component: 'health', file }, text)
    return new Map()
  }
  const agents = read.content['agents'] as readonly [string, string, number, number, number][]
  return new Map(
    agents.map(([agent, key, incarnation, sequence, beat]) => [agent, { key, incarnation, sequence, beat }]),
  )
}

/**
 * Keeps that on disk: within a second of a report, since one that was acted upon must not be undone by an older one after
 * a crash; leases, of which there are more and which end by themselves, now and then. `inFile` is what was read from there.
 * Gives what ends it.
 */
export function keepSignedAgents(
  file: string,
  store: Pick<ServerSide, 'signed'>,
  inFile: ReadonlyMap<string, LastSigned>,
  log: Logger,
): () => void {
  let written = placesOf(inFile)
  let writtenAt = performance.now()
  let isTold = false
  const write = (isLast: boolean) => {
    const places = placesOf(store.signed)
    if (places.leases === written.leases) return
    const isDue = performance.now() - writtenAt >= LEASES_MS
    if (places.reports === written.reports && !isDue && !isLast) return
    try {
      const agents = [...store.signed].map(([agent, last]) => [
        agent,
        last.key,
        last.incarnation,
        last.sequence,
        last.beat,
      ])
      writeCheckedFile(file, FORMAT, { agents })
      written = places
      writtenAt = performance.now()
      isTold = false
    } catch (error) {
      if (!isTold) log.error({ component: 'health', file, err: error }, `cannot keep in ${file} what agents signed`)
      isTold = true
    }
  }
  const timer = setInterval(() => write(false), WRITE_MS).unref()
  return () => {
    clearInterval(timer)
    write(true)
  }
}

const FORMAT = 1
const WRITE_MS = 500
const LEASES_MS = 10_000

/** Texts that differ where something has moved: with leases, and without. */
function placesOf(signed: ReadonlyMap<string, LastSigned>): { readonly reports: string; readonly leases: string } {
  const rows = [...signed]
  return {
    reports: rows.map(([agent, { incarnation, sequence }]) => `${agent} ${incarnation} ${sequence}`).join(),
    leases: rows.map(([agent, last]) => `${agent} ${last.incarnation} ${last.sequence} ${last.beat}`).join(),
  }
}
