import { equalNames, isWithin, type Name, type PlacedRr, type Problem, printName, Rtype } from '@windrose/dns'
import { warn } from './zone-problem.ts'

/** The records of a file that can be part of the zone, and what was wrong with the others. */
export interface SiftedRecords {
  readonly records: readonly PlacedRr[]
  readonly problems: readonly Problem[]
}

/** Leaves out what cannot be part of the zone: records of names outside it, and what is its parent's to say. */
export function siftRecords(apex: Name, records: readonly PlacedRr[]): SiftedRecords {
  const problems: Problem[] = []
  const kept = records.filter((record) => {
    const problem = misfit(apex, record)
    if (problem !== undefined) problems.push(problem)
    return problem === undefined
  })
  return { records: kept, problems }
}

/** Why the record cannot be part of the zone; undefined when it can. */
function misfit(apex: Name, record: PlacedRr): Problem | undefined {
  if (!isWithin(record.owner, apex)) {
    return warn(record.place, {
      message: `${printName(record.owner)} is not in the zone ${printName(apex)}; the record is left out`,
      hint: 'check the $ORIGIN and whether a final dot is missing or too much',
    })
  }
  if (record.rtype === Rtype.DS && equalNames(record.owner, apex)) {
    return warn(record.place, {
      message: `a DS record of ${printName(apex)} belongs into its parent's zone (RFC 4035 section 2.4); the record is left out`,
      hint: 'hand it to the operator of the parent zone',
    })
  }
  return undefined
}
