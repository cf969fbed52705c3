/** Something with a weight that may share a group with others, of which only one is in an answer. */
export interface Grouped {
  readonly weight: number
  readonly group?: number | undefined
}

/** Positions by group, in the order of their first members; what has no group is one of its own. */
export function groupPositions(targets: readonly Grouped[]): readonly (readonly number[])[] {
  const groups: number[][] = []
  const byGroup = new Map<number, number[]>()
  for (const [position, { group }] of targets.entries()) {
    const known = group === undefined ? undefined : byGroup.get(group)
    if (known !== undefined) {
      known.push(position)
      continue
    }
    const members = [position]
    groups.push(members)
    if (group !== undefined) byGroup.set(group, members)
  }
  return groups
}

/** One choice of a member from each of several groups, and how often it is made. */
export interface GroupChoice {
  readonly members: readonly number[]
  readonly share: number
}

/**
 * Chooses a member of each group by weight, without making all combinations: `most` of them at most, in which every member
 * has its share of its group as exactly as that number allows (whole shares where it is a multiple of the groups' weights).
 */
export function chooseOfGroups(
  groups: readonly (readonly number[])[],
  targets: readonly Grouped[],
  most: number,
): readonly GroupChoice[] {
  const rounds = groups.reduce((least, group) => leastMultiple(least, unitsOf(group, targets), most), 1)
  const choices = new Map<string, { members: readonly number[]; share: number }>()
  for (let round = 0; round < rounds; round++) {
    const members = groups.map((group, place) => {
      const turned = (round + Math.round(place * rounds * GOLDEN_PART)) % rounds
      return memberAt(group, targets, (turned + 0.5) / rounds)
    })
    const key = members.join()
    const known = choices.get(key)
    if (known === undefined) choices.set(key, { members, share: 1 / rounds })
    else known.share += 1 / rounds
  }
  return [...choices.values()]
}

/** So that the members of two groups that are chosen together are not always the same. */
const GOLDEN_PART = 0.6180339887498949

function memberAt(group: readonly number[], targets: readonly Grouped[], quantile: number): number {
  const sum = group.reduce((total, position) => total + targets[position]!.weight, 0)
  let end = 0
  for (const position of group) {
    end += targets[position]!.weight
    if (quantile * sum < end) return position
  }
  return group.at(-1)!
}

/** The sum of a group's weights, divided by what divides all of them. */
function unitsOf(group: readonly number[], targets: readonly Grouped[]): number {
  const weights = group.map((position) => targets[position]!.weight)
  if (!weights.every(Number.isInteger)) return Number.POSITIVE_INFINITY
  const divisor = weights.reduce(greatestDivisor)
  return weights.reduce((sum, weight) => sum + weight, 0) / divisor
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

function leastMultiple(a: number, b: number, most: number): number {
  if (!Number.isFinite(b)) return most
  return Math.min(most, (a / greatestDivisor(a, b)) * b)
}
