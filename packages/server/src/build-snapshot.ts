import type { Snapshot } from '@windrose/nameserver'
import type { HealthTable } from '@windrose/steering'
import { createPlacements } from './capacity/create-placements.ts'
import type { Compiled, ServedConfiguration } from './compile/compiled.ts'

/** The part of a snapshot that goes on changing while it is served: verdicts, and the epoch of each service. */
export interface Table {
  readonly health: HealthTable
  readonly epochs: Int32Array
}

/** A table on shared memory, in which every endpoint is unknown. */
export function createTable(configuration: Pick<ServedConfiguration, 'endpoints' | 'services' | 'health'>): Table {
  const endpoints = configuration.endpoints.length
  const vantages = viewsOf(configuration.health)
  const views = 1 + vantages.length
  const cells = new Uint32Array(new SharedArrayBuffer(views * endpoints * 4))
  const changesAt = new Float64Array(new SharedArrayBuffer(endpoints * 8)).fill(Number.POSITIVE_INFINITY)
  const roundTrips = new Uint32Array(new SharedArrayBuffer(views * endpoints * 4))
  const held = new Uint8Array(new SharedArrayBuffer(endpoints))
  const epochs = new Int32Array(new SharedArrayBuffer(configuration.services.length * 4))
  return { health: { cells, endpoints, changesAt, held, roundTrips, vantages }, epochs }
}

/** The vantages whose views are rows of the table, after the global one. */
export function viewsOf({ views, vantages }: ServedConfiguration['health']): readonly string[] {
  return views === 'off' ? [] : vantages.map(({ name }) => name)
}

const NO_ALIASES: Snapshot['aliases'] = new Map()

/**
 * What the answering threads are given: cheap to hand over, for everything that grows with zones, clients or endpoints
 * lies on shared memory, but for the services themselves.
 */
export function buildSnapshot(
  compiled: Omit<Compiled, 'warnings'>,
  table: Table,
  aliases: Snapshot['aliases'] = NO_ALIASES,
): Snapshot {
  const { configuration, zones, bodies, geography } = compiled
  return {
    zones,
    bodies,
    services: configuration.services,
    maps: geography.maps,
    health: table.health,
    epochs: table.epochs,
    aliases,
    placements: createPlacements(configuration, geography.maps, table.health.vantages),
    settings: configuration.server.settings,
  }
}
