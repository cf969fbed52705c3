import { areaProblem, type Database, defaultDatabase, openDatabase } from '@windrose/geo'
import { type Draft, type DraftArea, type DraftStep, note } from './draft.ts'

/**
 * Takes areas out that no database knows, as windrose refuses those: the database that comes along knows countries alone.
 * Maps that several services share are gone through once, and stay shared.
 */
export function removeUnknownAreas(draft: Draft): void {
  let databases: readonly Database[] | undefined
  const known = new Map<ReadonlyMap<string, DraftArea>, ReadonlyMap<string, DraftArea>>()
  const areasOf = (areas: ReadonlyMap<string, DraftArea>): ReadonlyMap<string, DraftArea> => {
    const kept = new Map(areas)
    for (const [area, { place }] of areas) {
      const kind = kindOf(area)
      if (kind === undefined) continue
      databases ??= openDatabases(draft)
      const problem = areaProblem(SAMPLES[kind], databases)
      if (problem === undefined) continue
      kept.delete(area)
      const instead = 'import with --database FILE, a database that does'
      note(draft, 'left out', place, { source: area, why: problem.message, instead })
    }
    return kept.size === areas.size ? areas : kept
  }
  const stepOf = (step: DraftStep): DraftStep => {
    if (typeof step === 'string' || !('geo' in step)) return step
    const areas = known.get(step.geo.areas) ?? areasOf(step.geo.areas)
    known.set(step.geo.areas, areas)
    return areas === step.geo.areas ? step : { geo: { ...step.geo, areas } }
  }
  for (const [name, service] of draft.services) {
    draft.services.set(name, { ...service, policy: service.policy.map(stepOf) })
  }
}

/** Of areas that not every database knows. */
function kindOf(area: string): 'asn' | 'city' | 'subdivision' | undefined {
  const kind = /^(asn|city|subdivision):/.exec(area)?.[1]
  return kind === 'asn' || kind === 'city' || kind === 'subdivision' ? kind : undefined
}

/** Whether a kind of area is known does not depend on which one it is. */
const SAMPLES: Readonly<Record<'asn' | 'city' | 'subdivision', Parameters<typeof areaProblem>[0]>> = {
  asn: { kind: 'asn', asn: 1 },
  city: { kind: 'city', country: 'DE', name: 'Berlin' },
  subdivision: { kind: 'subdivision', country: 'US', name: 'CA' },
}

/** A database that cannot be opened knows nothing; `windrose check` says why. */
function openDatabases({ geo }: Draft): Database[] {
  const files = geo.databases.length > 0 ? geo.databases : [defaultDatabase()]
  return files.flatMap((file) => {
    const database = openDatabase(file)
    return 'problem' in database ? [] : [database]
  })
}
