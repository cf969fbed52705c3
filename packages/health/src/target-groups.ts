/** A pool as verdicts see it: the endpoints of one service, site and family, and what is probed for each. */
export interface TargetGroup {
  /** For reasons: `web/fra`. */
  readonly name: string
  /** The longest TTL of the service's answers, in milliseconds. */
  readonly ttlMs: number
  /** By endpoint, the ids of its probe targets. */
  readonly endpoints: readonly (readonly string[])[]
}

/** Which targets stand together. Built once from the configuration. */
export interface TargetGroups {
  readonly groups: readonly TargetGroup[]
  /** The groups that a target is in: none where it only is observed. */
  readonly byTarget: ReadonlyMap<string, readonly TargetGroup[]>
}

/** `probed` are all targets, those that are in no group too. */
export function groupTargets(groups: readonly TargetGroup[], probed: Iterable<string> = []): TargetGroups {
  const byTarget = new Map<string, TargetGroup[]>()
  for (const target of probed) byTarget.set(target, [])
  for (const group of groups) {
    for (const target of new Set(group.endpoints.flat())) {
      const of = byTarget.get(target)
      if (of === undefined) byTarget.set(target, [group])
      else of.push(group)
    }
  }
  return { groups, byTarget }
}
