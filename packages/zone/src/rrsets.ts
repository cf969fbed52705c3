import type { PlacedRr } from '@windrose/dns'

/** All records of one owner and type, class IN; never empty. */
export type Rrset = readonly PlacedRr[]

/** The records of one owner as RRsets, in ascending order of type; inside an RRset in the order given. */
export function rrsetsOf(records: readonly PlacedRr[]): readonly Rrset[] {
  if (records.length === 0) return []
  if (records.length === 1) return [records]
  const byType = new Map<number, PlacedRr[]>()
  for (const record of records) {
    const rrset = byType.get(record.rtype)
    if (rrset === undefined) byType.set(record.rtype, [record])
    else rrset.push(record)
  }
  return [...byType.values()].sort((a, b) => a[0]!.rtype - b[0]!.rtype)
}
