import { containsAddress, readPrefix } from '@windrose/ip'
import { continentAround } from '../area.ts'
import { type DraftArea, note } from '../draft.ts'
import { entryName, freeName } from '../name-entry.ts'
import type { PoolRecipe, Recipe } from '../recipe.ts'
import type { LuaRecord } from './lua-record.ts'
import { baseOf } from './pick-pools.ts'

/** What the clients of some areas are answered, unless a branch before it is theirs. */
export interface Branch {
  readonly areas: readonly string[]
  readonly recipe: Recipe
  readonly place: LuaRecord['place']
}

/**
 * A choice by area as one recipe: each branch is a pool, and no client leaves the pool of its area.
 *
 * Lua takes the first branch that holds, windrose the most specific area. An area that a branch before it covers is left
 * out, as no client gets there; where the two orders could differ otherwise, that is listed.
 */
export function recipeOfBranches(record: LuaRecord, branches: readonly Branch[], otherwise: Recipe): Recipe {
  const areas = new Map<string, DraftArea>()
  const pools = new Map<string, PoolRecipe>()
  const model = otherwise
  const add = (wanted: string, recipe: Recipe): string => {
    const site = freeName(entryName(wanted), (name) => pools.has(name))
    const { endpoints } = recipe
    // One endpoint alone is drawn in any way.
    const isSole = endpoints?.length === 1
    const isAlike =
      endpoints !== undefined && (isSole || (recipe.draw === model.draw && recipe.answers === model.answers))
    pools.set(site, isAlike ? { kind: 'endpoints', endpoints } : { kind: 'recipe', recipe })
    return site
  }
  const before: string[] = []
  for (const branch of branches) {
    const open = branch.areas.filter((area) => !before.some((other) => covers(other, area)))
    noteOrder(record, branch, before, open)
    if (open.length > 0) {
      const site = add(open[0]!.replace(/^[a-z]+:/, '').toLowerCase(), branch.recipe)
      for (const area of open) if (!areas.has(area)) areas.set(area, { place: branch.place, sites: [site] })
    }
    before.push(...branch.areas)
  }
  const others = add('others', otherwise)
  areas.set('default', { place: record.place, sites: [others] })
  const { draw, answers } = model
  return { ...baseOf(record), steps: [{ geo: { areas, fence: true } }], draw, answers, pools }
}

/** Whether every client of an area is in another. */
function covers(outer: string, area: string): boolean {
  if (outer === area) return true
  const country = /^subdivision:([A-Z]{2})\//.exec(area)?.[1]
  if (outer === continentAround(area) || (country !== undefined && outer === `country:${country}`)) return true
  const [wide, narrow] = [readPrefix(outer)?.prefix, readPrefix(area)?.prefix]
  return (
    wide !== undefined && narrow !== undefined && wide.length <= narrow.length && containsAddress(wide, narrow.address)
  )
}

/** Prefixes and ASNs cut across countries: with these before them the order of the code is not that of windrose. */
function noteOrder(record: LuaRecord, { place }: Branch, before: readonly string[], open: readonly string[]): void {
  const rankOf = (area: string): number => (area.startsWith('asn:') ? 1 : readPrefix(area) === undefined ? 0 : 2)
  const late = open.find((area) => before.some((other) => rankOf(other) < rankOf(area)))
  if (late === undefined) return
  const why = 'the branch before it comes first in Lua; windrose prefers prefixes to ASNs and ASNs to countries'
  note(record.draft, 'changed', place, { source: late, why, instead: 'see whether clients can be in both' })
}
