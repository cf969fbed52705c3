import { type Place, type Problem, printName, Rtype } from '@windrose/dns'
import { refuse } from './zone-problem.ts'
import { recordsOfType, type ZoneTree } from './zone-tree.ts'

/** One SOA record at the apex and none elsewhere; NS records at the apex (RFC 1034 section 4.2.1, RFC 1035 5.2). */
export function checkApex(tree: ZoneTree, place: Place): Problem[] {
  const apex = printName(tree.apex.owner)
  const soas = recordsOfType(tree.apex, Rtype.SOA)
  const problems: Problem[] = []
  if (soas.length === 0) {
    problems.push(
      refuse(place, {
        message: `the zone ${apex} has no SOA record`,
        hint: `begin the file with one, such as: ${apex} 3600 IN SOA ns1.${suffix(apex)} hostmaster.${suffix(apex)} 1 7200 1800 1209600 300`,
      }),
    )
  }
  for (const soa of soas.slice(1)) {
    problems.push(
      refuse(soa.place, { message: `the zone ${apex} has more than one SOA record`, hint: 'keep one of them' }),
    )
  }
  for (const node of tree.nodes.values()) {
    if (node === tree.apex) continue
    for (const soa of recordsOfType(node, Rtype.SOA)) {
      problems.push(
        refuse(soa.place, {
          message: `the SOA record of ${printName(soa.owner)} is not at the apex, ${apex}`,
          hint: 'check the owner, or make the name a zone of its own',
        }),
      )
    }
  }
  if (recordsOfType(tree.apex, Rtype.NS).length === 0) {
    problems.push(
      refuse(soas[0]?.place ?? place, {
        message: `the zone ${apex} has no NS record at its apex`,
        hint: `name its servers, such as: ${apex} 3600 IN NS ns1.${suffix(apex)}`,
      }),
    )
  }
  return problems
}

/** What follows a label in a name below the apex. */
function suffix(apex: string): string {
  return apex === '.' ? '' : apex
}
