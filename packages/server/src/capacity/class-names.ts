import { type MapSpec, matcherKey } from '@windrose/geo'
import { printPrefix } from '@windrose/ip'
import type { ClassNames } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** What the numbers of a map's classes stand for in a configuration. */
export function classNames(
  spec: Pick<MapSpec, 'rules' | 'areas'>,
  sites: Pick<ServedConfiguration, 'sites'>['sites'],
  vantages: readonly string[],
): ClassNames {
  return {
    rules: spec.rules.map(({ prefix }) => printPrefix(prefix)),
    views: ['', ...vantages],
    sites: sites.map(({ name }) => name),
    areas: (spec.areas ?? []).map((table) => {
      const names: string[] = []
      for (const { of, area } of table)
        names[area] = [...(names[area]?.split(' ') ?? []), matcherKey(of)].sort().join(' ')
      return names
    }),
  }
}
