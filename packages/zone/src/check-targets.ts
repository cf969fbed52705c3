import {
  isWithin,
  nameInRdata,
  nameKey,
  type PlacedRr,
  type Problem,
  printName,
  printRtype,
  Rtype,
} from '@windrose/dns'
import type { CheckedZone } from './occlusion.ts'
import { resolveTarget } from './resolve-target.ts'
import { warn } from './zone-problem.ts'
import { hasType, type TreeNode } from './zone-tree.ts'

/**
 * Warns of name servers without addresses, and of names that NS, MX and SRV records point at but that are aliases
 * (RFC 2181 section 10.3, RFC 2782).
 */
export function checkTargets(zone: CheckedZone): Problem[] {
  const problems: Problem[] = []
  for (const node of zone.tree.nodes.values()) {
    if (zone.occlusion.occluded.has(node)) continue
    for (const record of node.records) {
      if (record.rtype === Rtype.NS) problems.push(...checkNameServer(zone, node, record))
      if (POINTS_AT_HOST.has(record.rtype)) problems.push(...checkAlias(zone, record))
    }
  }
  return problems
}

/** A name server of this zone has an address in it; one inside the zone that is delegated to it has glue. */
function checkNameServer(zone: CheckedZone, node: TreeNode, ns: PlacedRr): Problem[] {
  const target = nameInRdata(ns.rtype, ns.rdata)
  if (target === undefined) return []
  const name = printName(target)
  if (node !== zone.tree.apex && isWithin(target, node.owner)) {
    const glue = zone.tree.nodes.get(nameKey(target))
    if (glue !== undefined && hasAddress(glue)) return []
    return [
      warn(ns.place, {
        message: `${printName(node.owner)} is delegated to ${name}, a name below the zone cut, and there is no address (glue) for it`,
        hint: `add one, such as: ${name} 3600 IN A 192.0.2.1`,
      }),
    ]
  }
  const found = resolveTarget(zone, target)
  const isAlias = found.kind === 'found' && hasType(found.node, Rtype.CNAME)
  const hasNone = found.kind === 'missing' || (found.kind === 'found' && !isAlias && !hasAddress(found.node))
  if (!hasNone) return []
  return [
    warn(ns.place, {
      message: `the name server ${name} of ${printName(node.owner)} is in this zone, but has no address`,
      hint: `add one, such as: ${name} 3600 IN A 192.0.2.1`,
    }),
  ]
}

function checkAlias(zone: CheckedZone, record: PlacedRr): Problem[] {
  const target = nameInRdata(record.rtype, record.rdata)
  const found = target && resolveTarget(zone, target)
  const isAlias =
    (found?.kind === 'found' && hasType(found.node, Rtype.CNAME)) ||
    (found?.kind === 'hidden' && found.by.kind === 'dname')
  if (target === undefined || !isAlias) return []
  return [
    warn(record.place, {
      message: `the ${printRtype(record.rtype)} record points at ${printName(target)}, which is an alias`,
      hint: 'name the host itself: resolvers may not follow an alias here',
    }),
  ]
}

/** Steered names have the addresses that steering gives them. */
function hasAddress(node: TreeNode): boolean {
  return node.steered.length > 0 || hasType(node, Rtype.A) || hasType(node, Rtype.AAAA)
}

const POINTS_AT_HOST: ReadonlySet<number> = new Set([Rtype.NS, Rtype.MX, Rtype.SRV])
