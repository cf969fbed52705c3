import type { Site } from './configuration.ts'
import type { ServiceSettings } from './schema/service.ts'

/**
 * Which sites must not be in one answer together, as a number by site index: each site for itself, or all that share a risk
 * group, directly or through others. Undefined where nothing is asked for.
 */
export function groupSites(
  distinctBy: ServiceSettings['distinct_by'],
  sites: readonly Site[],
): (site: number) => number | undefined {
  if (distinctBy === undefined) return () => undefined
  if (distinctBy === 'site') return (site) => site
  const groups = sites.map((_, index) => index)
  const firstOf = new Map<string, number>()
  for (const [index, { riskGroups }] of sites.entries()) {
    for (const risk of riskGroups) {
      const first = firstOf.get(risk)
      if (first === undefined) firstOf.set(risk, index)
      else mergeGroups(groups, groups[first]!, groups[index]!)
    }
  }
  return (site) => groups[site]
}

function mergeGroups(groups: number[], kept: number, merged: number): void {
  for (const [index, group] of groups.entries()) if (group === merged) groups[index] = kept
}
