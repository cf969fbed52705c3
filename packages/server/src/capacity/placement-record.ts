/** What capacity does to one service, as servers tell each other, by `classKey`. */
export interface ServicePlacementRecord {
  readonly service: string
  readonly classes: ReadonlyMap<string, PlacedClass>
}

export interface PlacedClass {
  /** The site that the policy preferred when this was placed. */
  readonly home: string
  /** By site: parts of WHOLE. */
  readonly shares: ReadonlyMap<string, number>
}

/** What the server that places tells the others. */
export interface PlacementRecord {
  readonly placements: readonly ServicePlacementRecord[]
  /** By site that reports its load: what one answer a second makes of it. */
  readonly factors: ReadonlyMap<string, number>
}

/** Classes that are sent where the policy sends them are left out. */
export function encodePlacements(
  placements: readonly ServicePlacementRecord[],
  factors: PlacementRecord['factors'] = new Map(),
): Uint8Array {
  const services = placements.map(({ service, classes }) => [
    service,
    [...classes].map(([key, { home, shares }]) => [key, home, ...[...shares].flat()]),
  ])
  return new TextEncoder().encode(JSON.stringify({ format: FORMAT, services, factors: Object.fromEntries(factors) }))
}

export function decodePlacements(record: Uint8Array): PlacementRecord | { readonly problem: string } {
  let value: { format?: unknown; services?: unknown; factors?: unknown }
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(record)) as typeof value
  } catch {
    return { problem: 'a placement that is not JSON' }
  }
  if (value === null || typeof value !== 'object') return { problem: 'a placement that is no object' }
  if (value.format !== FORMAT) {
    return { problem: `a placement of format ${String(value.format)}, not ${FORMAT}: written by another version` }
  }
  const placements: ServicePlacementRecord[] = []
  if (!Array.isArray(value.services)) return { problem: 'a placement without services' }
  for (const entry of value.services as unknown[]) {
    const [service, rows] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (typeof service !== 'string' || !Array.isArray(rows)) return { problem: 'a placement of a service that is none' }
    const classes = new Map<string, PlacedClass>()
    for (const row of rows as unknown[]) {
      const read = readRow(row)
      if (read === undefined) return { problem: `a placement of ${service} with a class that is none` }
      classes.set(read.key, read.placed)
    }
    placements.push({ service, classes })
  }
  return { placements, factors: readFactors(value.factors) }
}

/** What is no factor is left out: it is reckoned again before long. */
function readFactors(value: unknown): PlacementRecord['factors'] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0))
}

function readRow(row: unknown): { key: string; placed: PlacedClass } | undefined {
  if (!Array.isArray(row)) return undefined
  const [key, home, ...rest] = row as unknown[]
  if (typeof key !== 'string' || typeof home !== 'string' || rest.length % 2 !== 0) return undefined
  const shares = new Map<string, number>()
  for (let i = 0; i < rest.length; i += 2) {
    const [site, share] = [rest[i], rest[i + 1]]
    if (typeof site !== 'string' || !Number.isInteger(share) || (share as number) < 0 || (share as number) > 65_535) {
      return undefined
    }
    shares.set(site, share as number)
  }
  return { key, placed: { home, shares } }
}

const FORMAT = 1
