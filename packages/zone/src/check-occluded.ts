import { nameInRdata, nameKey, type PlacedRr, type Problem, printName, Rtype } from '@windrose/dns'
import type { CheckedZone, Occluder } from './occlusion.ts'
import { printPlace, printTypes, warn } from './zone-problem.ts'
import { recordsOfType, type TreeNode } from './zone-tree.ts'

/**
 * Warns of records that can never be answered: below a DNAME (RFC 6672 section 2.4), and at or below a zone cut, if
 * they are neither the delegation nor the address of a name server that one names (glue).
 */
export function checkOccluded({ tree, occlusion: { occluders, occluded } }: CheckedZone): Problem[] {
  const cuts = [...occluders.values()].filter(({ kind }) => kind === 'cut').map(({ node }) => node)
  const glueNames = new Set<string>()
  for (const node of [tree.apex, ...cuts]) {
    for (const ns of recordsOfType(node, Rtype.NS)) glueNames.add(targetKey(ns))
  }
  const problems: Problem[] = []
  for (const [node, above] of occluded) {
    problems.push(
      ...checkHidden(node, above, above.kind === 'cut' && glueNames.has(nameKey(node.owner)) ? ADDRESSES : NONE),
    )
  }
  for (const [node, here] of occluders) {
    if (here.kind === 'cut') {
      problems.push(...checkHidden(node, here, glueNames.has(nameKey(node.owner)) ? GLUE_AT_CUT : AT_CUT))
    }
  }
  return problems
}

function checkHidden(node: TreeNode, { kind, node: occluder, record }: Occluder, seen: ReadonlySet<number>): Problem[] {
  const hidden = node.records.filter(({ rtype }) => !seen.has(rtype))
  if (hidden.length === 0) return []
  const owner = printName(node.owner)
  const where =
    node === occluder
      ? 'is delegated'
      : `is below the ${kind === 'cut' ? 'zone cut' : 'DNAME'} at ${printName(occluder.owner)}`
  return [
    warn(hidden[0]!.place, {
      message: `${owner} ${where} (${printPlace(record.place)}); these of its records are never answered: ${printTypes(hidden)}`,
      hint:
        kind === 'cut'
          ? 'they belong into the zone that the name is delegated to'
          : 'remove them, or give the name above something else than a DNAME',
    }),
  ]
}

function targetKey(ns: PlacedRr): string {
  const target = nameInRdata(ns.rtype, ns.rdata)
  return target === undefined ? '' : nameKey(target)
}

const NONE: ReadonlySet<number> = new Set()
const ADDRESSES: ReadonlySet<number> = new Set([Rtype.A, Rtype.AAAA])
/** What the parent's side of a zone cut holds (RFC 4035 sections 2.2 to 2.4), and aliases, which are refused anyway. */
const AT_CUT: ReadonlySet<number> = new Set([Rtype.NS, Rtype.DS, Rtype.NSEC, Rtype.RRSIG, Rtype.CNAME, Rtype.DNAME])
const GLUE_AT_CUT: ReadonlySet<number> = new Set([...AT_CUT, ...ADDRESSES])
