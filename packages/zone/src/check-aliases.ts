import { type PlacedRr, type Problem, printName, Rtype } from '@windrose/dns'
import { printTypes, refuse } from './zone-problem.ts'
import { isCut, recordsOfType, type TreeNode, type ZoneTree } from './zone-tree.ts'

/** A CNAME is alone at its name (RFC 1034 section 3.6.2), a DNAME alone of its type and not at a cut (RFC 6672 2.3). */
export function checkAliases(tree: ZoneTree): Problem[] {
  const problems: Problem[] = []
  for (const node of tree.nodes.values()) problems.push(...checkCname(node), ...checkDname(node))
  return problems
}

function checkCname(node: TreeNode): Problem[] {
  const [cname, second] = recordsOfType(node, Rtype.CNAME)
  if (cname === undefined) return []
  const owner = printName(node.owner)
  const problems: Problem[] = []
  if (second !== undefined) {
    problems.push(
      refuse(second.place, {
        message: `${owner} has more than one CNAME record`,
        hint: 'a name is an alias of one name',
      }),
    )
  }
  const beside = node.records.filter((record) => !STANDS_BESIDE_CNAME.has(record.rtype))
  if (beside.length > 0) {
    problems.push(
      refuse(cname.place, {
        message: `${owner} is an alias (CNAME) and has other records: ${printTypes(beside)}`,
        hint: 'an alias has no other data: keep the CNAME or the rest',
      }),
    )
  }
  return problems
}

function checkDname(node: TreeNode): Problem[] {
  const [dname, second] = recordsOfType(node, Rtype.DNAME)
  if (dname === undefined) return []
  const owner = printName(node.owner)
  const problems: Problem[] = []
  if (second !== undefined) {
    problems.push(
      refuse(second.place, {
        message: `${owner} has more than one DNAME record`,
        hint: 'the names below a name can lead to one place only',
      }),
    )
  }
  if (isCut(node)) {
    problems.push(
      refuse(dname.place, {
        message: `${owner} is delegated (NS) and also has a DNAME record`,
        hint: 'put the DNAME at the apex of the delegated zone, or remove the NS records',
      }),
    )
  }
  return problems
}

/** RFC 4035 section 2.5. */
const STANDS_BESIDE_CNAME: ReadonlySet<PlacedRr['rtype']> = new Set([Rtype.CNAME, Rtype.RRSIG, Rtype.NSEC])
