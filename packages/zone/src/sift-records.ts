import {
  canonicalRdata,
  equalNames,
  isMetaRtype,
  isWithin,
  type Name,
  nameKey,
  type PlacedRr,
  type Problem,
  printName,
  printRclass,
  printRtype,
  Rclass,
  Rtype,
} from '@windrose/dns'
import { printPlace, refuse, warn } from './zone-problem.ts'

/** The records of a file that can be part of the zone, and what was wrong with the others. */
export interface SiftedRecords {
  readonly records: readonly PlacedRr[]
  readonly problems: readonly Problem[]
}

/**
 * Leaves out what cannot be part of the zone: records of other zones, classes and of types that exist only in
 * messages, and the second of two equal records. Gives all records of an RRset the same TTL.
 */
export function siftRecords(apex: Name, records: readonly PlacedRr[]): SiftedRecords {
  const problems: Problem[] = []
  const kept = records.filter((record) => {
    const problem = misfit(apex, record)
    if (problem !== undefined) problems.push(problem)
    return problem === undefined
  })
  const rrsets = new Map<string, PlacedRr[]>()
  for (const record of kept) {
    const key = nameKey(record.owner) + String.fromCharCode(record.rtype)
    const rrset = rrsets.get(key)
    if (rrset === undefined) rrsets.set(key, [record])
    else rrset.push(record)
  }
  const changed = new Map<PlacedRr, PlacedRr | undefined>()
  for (const rrset of rrsets.values()) {
    if (rrset.length > 1) problems.push(...unify(rrset, changed))
  }
  if (changed.size === 0) return { records: kept, problems }
  const unified = kept.map((record) => (changed.has(record) ? changed.get(record) : record))
  return { records: unified.filter((record) => record !== undefined), problems }
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

/** Finds equal records and unequal TTLs in an RRset, and notes what becomes of each record that cannot stay as it is. */
function unify(rrset: readonly PlacedRr[], changed: Map<PlacedRr, PlacedRr | undefined>): Problem[] {
  const problems: Problem[] = []
  const first = rrset[0]!
  const what = `${printRtype(first.rtype)} record of ${printName(first.owner)}`
  const seen = new Map<string, PlacedRr>()
  for (const record of rrset) {
    const key = canonicalRdata(record.rtype, record.rdata).join()
    const same = seen.get(key)
    if (same === undefined) {
      seen.set(key, record)
      continue
    }
    changed.set(record, undefined)
    problems.push(
      warn(record.place, { message: `this ${what} is also at ${printPlace(same.place)}`, hint: 'remove one of them' }),
    )
  }
  const different = rrset.find((record) => record.ttl !== first.ttl)
  // An RRSIG record's TTL follows the RRset that it signs, not its neighbours: RFC 4034 section 3.
  if (different === undefined || first.rtype === Rtype.RRSIG) return problems
  const ttl = Math.min(...rrset.map((record) => record.ttl))
  for (const record of seen.values()) {
    if (record.ttl !== ttl) changed.set(record, { ...record, ttl })
  }
  problems.push(
    warn(different.place, {
      message: `the TTL of this ${what} is ${different.ttl}, of the one at ${printPlace(first.place)} ${first.ttl}; ${ttl} holds for all`,
      hint: 'records of one name and type have one TTL (RFC 2181 section 5.2)',
    }),
  )
  return problems
}
