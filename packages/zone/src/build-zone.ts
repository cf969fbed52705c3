import type { Name, Place, PlacedRr, Problem } from '@windrose/dns'
import { checkAliases } from './check-aliases.ts'
import { checkApex } from './check-apex.ts'
import { checkOccluded } from './check-occluded.ts'
import { checkSteered, siftSteered } from './check-steered.ts'
import { checkTargets } from './check-targets.ts'
import { checkWildcards } from './check-wildcards.ts'
import { findOcclusion } from './occlusion.ts'
import { siftRecords } from './sift-records.ts'
import type { SteeredName, Zone } from './zone.ts'
import { sortProblems } from './zone-problem.ts'
import { growTree } from './zone-tree.ts'

/** What a zone is made of. */
export interface ZoneSource {
  readonly apex: Name
  /** As readMasterFile gives them: class IN, no two equal, one TTL for an RRset. */
  readonly records: readonly PlacedRr[]
  readonly steered: readonly SteeredName[]
  /** Where the configuration speaks of the zone: the place of problems that no record has. */
  readonly place: Place
}

/** The zone, when nothing forbids to serve it; and everything that is wrong, in the order of the files. */
export interface BuiltZone {
  readonly zone?: Zone
  readonly problems: readonly Problem[]
}

/**
 * Checks records and steered names against the RFCs and makes a zone of them. All problems are listed at once. An
 * error refuses the zone; with warnings it is built, without the records that a warning says are left out.
 */
export function buildZone(source: ZoneSource): BuiltZone {
  const { apex, place } = source
  const records = siftRecords(apex, source.records)
  const steered = siftSteered(apex, source.steered)
  const zone: Zone = { apex, records: records.records, steered: steered.steered }
  const tree = growTree(zone)
  const occlusion = findOcclusion(tree)
  const problems = sortProblems([
    ...records.problems,
    ...steered.problems,
    ...checkApex(tree, place),
    ...checkAliases(tree),
    ...checkWildcards(tree, occlusion),
    ...checkSteered(tree, occlusion),
    ...checkOccluded({ tree, occlusion }),
    ...checkTargets({ tree, occlusion }),
  ])
  return problems.some(({ severity }) => severity === 'error') ? { problems } : { zone, problems }
}
