import { isWildcard, type Problem, printName, Rtype } from '@windrose/dns'
import type { Occlusion } from './occlusion.ts'
import { refuse, warn } from './zone-problem.ts'
import { recordsOfType, type ZoneTree } from './zone-tree.ts'

/** What a wildcard cannot do: delegate (RFC 4592 section 4.2), and redirect the names that it matches (section 4.4). */
export function checkWildcards(tree: ZoneTree, { occluded }: Occlusion): Problem[] {
  const problems: Problem[] = []
  for (const node of tree.nodes.values()) {
    if (node === tree.apex || !isWildcard(node.owner) || occluded.has(node)) continue
    const owner = printName(node.owner)
    const [ns] = recordsOfType(node, Rtype.NS)
    if (ns !== undefined) {
      problems.push(
        refuse(ns.place, {
          message: `${owner} has NS records, but a wildcard cannot delegate`,
          hint: 'delegate each name by itself',
        }),
      )
    }
    const [dname] = recordsOfType(node, Rtype.DNAME)
    if (dname !== undefined) {
      problems.push(
        warn(dname.place, {
          message: `the DNAME of ${owner} redirects only names below a literal asterisk`,
          hint: 'put the DNAME at the name above, or use a wildcard CNAME',
        }),
      )
    }
  }
  return problems
}
