import {
  equalNames,
  isMetaRtype,
  isWithin,
  type Name,
  type PlacedRr,
  type Problem,
  printName,
  printRclass,
  printRtype,
  Rclass,
  Rtype,
} from '@windrose/dns'
import { refuse, warn } from './zone-problem.ts'

/** The records of a file that can be part of the zone, and what was wrong with the others. */
export interface SiftedRecords {
  readonly records: readonly PlacedRr[]
  readonly problems: readonly Problem[]
}

/** Leaves out what cannot be part of the zone: records of other zones and classes, and of types only messages have. */
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
  const owner = printName(record.owner)
  if (!isWithin(record.owner, apex)) {
    return warn(record.place, {
      message: `${owner} is not in the zone ${printName(apex)}; the record is left out`,
      hint: 'check the $ORIGIN and whether a final dot is missing or too much',
    })
  }
  if (record.rclass !== Rclass.IN) {
    return refuse(record.place, {
      message: `the record is of class ${printRclass(record.rclass)}; zones are served in class IN`,
      hint: 'write IN or no class at all',
    })
  }
  if (isMetaRtype(record.rtype)) {
    return refuse(record.place, {
      message: `${printRtype(record.rtype)} is a type of questions and messages; a zone cannot hold it`,
      hint: 'remove the record',
    })
  }
  if (record.rtype === Rtype.DS && equalNames(record.owner, apex)) {
    return warn(record.place, {
      message: `a DS record of ${owner} belongs into its parent's zone (RFC 4035 section 2.4); the record is left out`,
      hint: 'hand it to the operator of the parent zone',
    })
  }
  return undefined
}
