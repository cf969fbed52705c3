import type { Draft, DraftSite } from './draft.ts'
import { entryName, freeName } from './name-entry.ts'
import { MAIN_SITE } from './recipe.ts'

/** The site of endpoints whose source knows no data centres. */
export function mainSite(draft: Draft): string {
  if (!draft.sites.has(MAIN_SITE)) draft.sites.set(MAIN_SITE, { comment: 'the source says nothing of places' })
  return MAIN_SITE
}

/**
 * The site of a data centre by its name in the source: the same one whenever the name comes again, unless it is then
 * somewhere else.
 */
export function siteNamed(draft: Draft, wanted: string, site: DraftSite = {}): string {
  const name = entryName(wanted)
  const known = draft.sites.get(name)
  if (known === undefined || isSamePlace(known, site)) {
    draft.sites.set(name, { ...known, ...site })
    return name
  }
  for (const [other, place] of draft.sites) {
    if (other.startsWith(`${name}-`) && place.at !== undefined && isSamePlace(place, site)) return other
  }
  const free = freeName(name, (other) => draft.sites.has(other))
  draft.sites.set(free, site)
  return free
}

function isSamePlace(known: DraftSite, site: DraftSite): boolean {
  if (site.at === undefined && site.country === undefined) return true
  if (known.at === undefined && known.country === undefined) return true
  return JSON.stringify([known.at, known.country]) === JSON.stringify([site.at, site.country])
}
