import type { RunningParts } from '../running-parts.ts'
import type { SiteBody, SiteLoadBody } from './api-types.ts'

/** The sites, with the loads of those that have a capacity. */
export function siteBodies({ reloader, capacity }: Pick<RunningParts, 'reloader' | 'capacity'>): readonly SiteBody[] {
  const loads = loadBodies(capacity)
  return reloader.current.compiled.configuration.sites.map((site) => ({
    name: site.name,
    country: site.country ?? null,
    latitude: site.latitude ?? null,
    longitude: site.longitude ?? null,
    capacity: site.capacity?.value ?? null,
    load: loads.get(site.name) ?? null,
  }))
}

function loadBodies(capacity: RunningParts['capacity']): ReadonlyMap<string, SiteLoadBody> {
  const uses = new Map(capacity.uses.map((use) => [use.site, use]))
  return new Map(
    capacity.siteLoads().map(({ site, load, unit, source, ageMs, factor, problem }) => {
      const use = uses.get(site)
      const placed =
        use === undefined ? null : { answers: use.load, room: use.room, excess: use.excess, unspilled: use.unspilled }
      const ageSeconds = ageMs === undefined ? null : Math.round(ageMs / 100) / 10
      return [
        site,
        { value: load ?? null, unit, source, ageSeconds, perAnswer: factor ?? null, problem: problem ?? null, placed },
      ]
    }),
  )
}
