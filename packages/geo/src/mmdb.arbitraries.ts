import { readPrefix } from '@windrose/ip'
import { composeMmdb, type MmdbContent } from './compose-mmdb.ts'
import type { MmdbRecord } from './mmdb-data.ts'
import { type Database, openDatabaseOctets } from './mmdb-file.ts'

/** A database of the given networks, opened. */
export function makeDatabase(networks: Record<string, MmdbRecord>, more: Partial<MmdbContent> = {}): Database {
  const opened = openDatabaseOctets('made.mmdb', Buffer.from(makeMmdb(networks, more)))
  if ('problem' in opened) throw new Error(opened.problem)
  return opened
}

/** The octets of such a database. */
export function makeMmdb(networks: Record<string, MmdbRecord>, more: Partial<MmdbContent> = {}): Uint8Array {
  const entries = Object.entries(networks).map(([text, record]) => ({ prefix: readPrefix(text)!.prefix, record }))
  return composeMmdb({ databaseType: 'made', buildEpoch: 1, ipVersion: 6, recordSize: 24, entries, ...more })
}
