import type { RedisClient } from './connect-redis.ts'

export interface StreamEntry {
  readonly id: string
  readonly fields: ReadonlyMap<string, Buffer>
}

/** Entries after the given places, by key: at once where there are some, else when the first comes or the time is over. */
export async function readStreams(
  client: RedisClient,
  places: ReadonlyMap<string, string>,
  blockMs: number,
): Promise<ReadonlyMap<string, readonly StreamEntry[]>> {
  const reply = await client.xreadBuffer(
    'COUNT',
    ENTRIES_AT_ONCE,
    'BLOCK',
    blockMs,
    'STREAMS',
    ...places.keys(),
    ...places.values(),
  )
  if (reply === null) return new Map()
  return new Map(
    (reply as [Buffer, [Buffer, Buffer[]][]][]).map(([key, entries]) => [key.toString(), entries.map(entryOf)]),
  )
}

/** The entries of one stream after a place that are there now, the oldest so many of them at most. */
export async function readEntries(
  client: RedisClient,
  key: string,
  place: string,
  most: number,
): Promise<readonly StreamEntry[]> {
  return (await client.xrangeBuffer(key, `(${place}`, '+', 'COUNT', most)).map(entryOf)
}

function entryOf([id, fields]: [Buffer, Buffer[]]): StreamEntry {
  return { id: id.toString('latin1'), fields: fieldsOf(fields) }
}

function fieldsOf(flat: readonly Buffer[]): ReadonlyMap<string, Buffer> {
  const fields = new Map<string, Buffer>()
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i]!.toString('latin1'), flat[i + 1]!)
  return fields
}

const ENTRIES_AT_ONCE = 500
