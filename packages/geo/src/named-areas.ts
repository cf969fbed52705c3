import { type AreaMatcher, foldName } from './area-table.ts'
import type { MapSpec } from './map-spec.ts'

/** What the areas of some maps name: only that is read from the databases, and only for it places are told apart. */
export interface NamedAreas {
  /** Whether any place is named, of whatever kind. */
  readonly regions: boolean
  /** Whether any continent is named: most countries are, so that one would do to read them all. */
  readonly continents: boolean
  /** Folded names by country. */
  readonly cities: ReadonlyMap<string, ReadonlySet<string>>
  readonly subdivisions: ReadonlyMap<string, ReadonlySet<string>>
  /** Each once. */
  readonly asns: readonly number[]
}

/** Everything that any of the maps names. */
export function namedAreas(specs: readonly Pick<MapSpec, 'areas'>[]): NamedAreas {
  return nameAreas(specs.flatMap(({ areas = [] }) => areas.flat()).map(({ of }) => of))
}

/** Everything that the matchers name. */
export function nameAreas(matchers: readonly AreaMatcher[]): NamedAreas {
  const ofKind = <K extends AreaMatcher['kind']>(kind: K) =>
    matchers.filter((matcher): matcher is Extract<AreaMatcher, { kind: K }> => matcher.kind === kind)
  return {
    regions: matchers.some(({ kind }) => kind !== 'prefix' && kind !== 'asn'),
    continents: ofKind('continent').length > 0,
    cities: byCountry(ofKind('city')),
    subdivisions: byCountry(ofKind('subdivision')),
    asns: [...new Set(ofKind('asn').map(({ asn }) => asn))],
  }
}

/** Where no map has areas. */
export const NO_AREAS: NamedAreas = namedAreas([])

function byCountry(matchers: readonly { country: string; name: string }[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>()
  for (const { country, name } of matchers) {
    const known = names.get(country)
    if (known === undefined) names.set(country, new Set([foldName(name)]))
    else known.add(foldName(name))
  }
  return names
}
