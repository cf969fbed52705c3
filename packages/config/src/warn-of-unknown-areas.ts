import { type Database, foldName, type KnownNames, knownNames, nameAreas } from '@windrose/geo'
import { type Compilation, reportAtKey } from './compilation.ts'
import type { NamedArea } from './compile-geo-step.ts'
import { didYouMean } from './did-you-mean.ts'

/**
 * Warns of cities, subdivisions and AS numbers that no record of the databases has: such an area has no clients, and nothing
 * else would tell.
 */
export function warnOfUnknownAreas(
  compilation: Compilation,
  databases: readonly Database[] | undefined,
  areas: readonly NamedArea[],
): void {
  const asked = areas.filter(({ of }) => of.kind === 'city' || of.kind === 'subdivision' || of.kind === 'asn')
  // What no database could know has been told already.
  if (asked.length === 0 || databases === undefined || compilation.problems.some(isError)) return
  const known = knownNames(databases, nameAreas(asked.map(({ of }) => of)))
  for (const area of asked) {
    const unknown = unknownArea(area, known)
    if (unknown !== undefined) reportAtKey(compilation, { severity: 'warning', path: area.path, ...unknown })
  }
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error'
}

function unknownArea({ of }: NamedArea, known: KnownNames): { message: string; hint?: string | undefined } | undefined {
  if (of.kind === 'asn') {
    return known.asns.has(of.asn) ? undefined : { message: `no geo database has a network of AS${of.asn}` }
  }
  if (of.kind !== 'city' && of.kind !== 'subdivision') return undefined
  const names = (of.kind === 'city' ? known.cities : known.subdivisions).get(of.country)
  if (names?.has(foldName(of.name))) return undefined
  const message = `no geo database has a ${of.kind} "${of.name}" in ${of.country}: nobody is in this area`
  return { message, hint: didYouMean(of.name, [...(names?.values() ?? [])]) }
}
