import { resolve } from 'node:path'
import { type Draft, note } from '../draft.ts'
import type { SourceFiles } from '../source-files.ts'
import type { GeoMap, GeoMaps } from './geo-map.ts'
import { leaveOut, quoteEntry } from './settings.ts'

/** What maps say of clients as a whole: the databases, how many sites are put in order, whether ECS counts. */
export function setDatabases({ draft, files }: { draft: Draft; files: SourceFiles }, maps: GeoMaps): void {
  const paths: string[] = [...draft.geo.databases]
  for (const { database } of maps.values()) {
    if (database === undefined) continue
    const { path, entry } = database
    if (!files.exists(path)) leaveOut(draft, entry, `there is no file ${path}`, 'name a database in "geo.databases"')
    else if (!paths.includes(resolve(path))) paths.push(resolve(path))
  }
  draft.geo.databases = paths
  const [, second] = [...maps.values()].filter(
    ({ database }) => database !== undefined && paths.includes(resolve(database.path)),
  )
  if (paths.length > 1 && second?.database !== undefined) {
    const { entry } = second.database
    const why = 'all services place clients by the same databases: the first that knows an address'
    note(draft, 'changed', entry.place, { source: quoteEntry(entry), why, instead: 'see the order of "geo.databases"' })
  }
  const limits = [...maps.values()].filter(({ coordinates }) => coordinates.size > 0).map(({ limit }) => limit)
  const most = Math.max(0, ...limits)
  if (most > PREFERRED_SITES) draft.geo.preferredSites = Math.min(most, PREFERRED_SITES_MAX)
  ignoreEcs(draft, [...maps.values()])
}

const PREFERRED_SITES = 3
const PREFERRED_SITES_MAX = 16

function ignoreEcs(draft: Draft, maps: readonly GeoMap[]): void {
  const ignoring = maps.flatMap(({ ignoresEcs }) => ignoresEcs ?? [])
  if (ignoring.length === 0) return
  if (ignoring.length === maps.length) {
    draft.server.set('ecs', false)
    return
  }
  for (const entry of ignoring) {
    const why = 'the client subnet is used by all services or by none'
    note(draft, 'changed', entry.place, { source: quoteEntry(entry), why, instead: 'it is used; see "server.ecs"' })
  }
}
