import { isWithin, type Name, type Problem, printName, printRdata, printRtype, Rtype } from '@windrose/dns'
import type { Occluder, Occlusion } from './occlusion.ts'
import type { SteeredName } from './zone.ts'
import { printPlace, printTypes, refuse } from './zone-problem.ts'
import type { TreeNode, ZoneTree } from './zone-tree.ts'

/** The steered names that are in the zone, and a problem for each that is not. */
export function siftSteered(
  apex: Name,
  steered: readonly SteeredName[],
): { readonly steered: readonly SteeredName[]; readonly problems: readonly Problem[] } {
  const outside = steered.filter(({ owner }) => !isWithin(owner, apex))
  const problems = outside.map(({ owner, place }) =>
    refuse(place, {
      message: `the steered name ${printName(owner)} is not in the zone ${printName(apex)}`,
      hint: 'names without a final dot are relative to the zone',
    }),
  )
  return { steered: steered.filter((name) => !outside.includes(name)), problems }
}

/** A steered name is steered once, has no addresses and no alias of its own, and is the zone's to answer. */
export function checkSteered(tree: ZoneTree, { occluders, occluded }: Occlusion): Problem[] {
  const problems: Problem[] = []
  for (const node of tree.nodes.values()) {
    const [first] = node.steered
    if (first === undefined) continue
    problems.push(...checkTwice(node, first), ...checkBeside(node, first), ...checkHints(node))
    const above = occluded.get(node)
    const here = occluders.get(node)
    if (above !== undefined) problems.push(checkBelow(first, above))
    else if (here?.kind === 'cut') problems.push(checkAtCut(first, here))
  }
  return problems
}

function checkTwice(node: TreeNode, first: SteeredName): Problem[] {
  return node.steered.slice(1).map(({ owner, place }) =>
    refuse(place, {
      message: `${printName(owner)} is steered twice, also at ${printPlace(first.place)}`,
      hint: 'a name is steered by one service',
    }),
  )
}

function checkBeside(node: TreeNode, { owner, place }: SteeredName): Problem[] {
  const beside = node.records.filter((record) => NOT_BESIDE_STEERED.has(record.rtype))
  if (beside.length === 0) return []
  return [
    refuse(place, {
      message: `${printName(owner)} is steered, but has records in the zone file: ${printTypes(beside)} (${printPlace(beside[0]!.place)})`,
      hint: 'remove them, or do not steer the name; MX, TXT and the like may stand beside',
    }),
  ]
}

/** The addresses of a steered name are hinted by themselves: those of the file would send clients elsewhere. */
function checkHints(node: TreeNode): Problem[] {
  const bindings = node.records.filter(({ rtype }) => rtype === Rtype.HTTPS || rtype === Rtype.SVCB)
  return bindings.flatMap(({ rtype, rdata, place }) => {
    const hint = /\bipv[46]hint=/.exec(printRdata(rtype, rdata))?.[0]
    const isOwn = rdata[2] === 0
    if (hint === undefined || !isOwn) return []
    return [
      refuse(place, {
        message: `${printName(node.owner)} is steered, and its ${printRtype(rtype)} record has an ${hint.slice(0, -1)}`,
        hint: 'leave it out: hints follow what A and AAAA answer',
      }),
    ]
  })
}

function checkBelow({ owner, place }: SteeredName, { kind, node, record }: Occluder): Problem {
  const what = kind === 'cut' ? 'zone cut' : 'DNAME'
  return refuse(place, {
    message: `the steered name ${printName(owner)} is below the ${what} at ${printName(node.owner)} (${printPlace(record.place)})`,
    hint: `names below a ${what} are never answered from this zone`,
  })
}

function checkAtCut({ owner, place }: SteeredName, { record }: Occluder): Problem {
  return refuse(place, {
    message: `the steered name ${printName(owner)} is delegated (${printPlace(record.place)})`,
    hint: 'steer it in the zone that it is delegated to, or remove the NS records',
  })
}

const NOT_BESIDE_STEERED: ReadonlySet<number> = new Set([Rtype.A, Rtype.AAAA, Rtype.CNAME, Rtype.DNAME])
