import { equalNames, isWithin, labelCount, type Name, printName } from '@windrose/dns'

/** How `steer` of a zone writes an owner: `@`, a relative name, or an absolute one where it is not in the zone. */
export function printOwner(owner: Name, apex: Name): string {
  if (equalNames(owner, apex)) return '@'
  const text = printName(owner)
  if (!isWithin(owner, apex) || labelCount(apex) === 0) return text
  return text.slice(0, text.length - printName(apex).length - 1)
}
