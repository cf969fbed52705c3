import { type Address, maskAddress, printPrefix } from '@windrose/ip'
import type { Database } from './mmdb-file.ts'
import { type Place, readPlace } from './place.ts'

/** What one database says of one address, for people to read. */
export interface Located {
  readonly database: string
  /** The prefix whose clients the record speaks of. */
  readonly prefix: string
  readonly place: Place
}

/** Looks an address up in each database; those that know nothing of it are left out. Off the path: it allocates. */
export function locate(databases: readonly Database[], address: Address, text: string): Located[] {
  return databases.flatMap((database) => {
    const [record, length] = database.reader.getWithPrefixLength(text)
    if (record === null) return []
    const prefix = { address: maskAddress(address, length), length }
    return [{ database: database.path, prefix: printPrefix(prefix), place: readPlace(database.schema, record) }]
  })
}
