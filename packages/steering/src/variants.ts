import { VARIANTS_MAX, type Variant } from './decision.ts'
import { chooseOfGroups, type Grouped, groupPositions } from './group-targets.ts'
import { type SampledSet, type SetSample, sampleSets } from './sample-sets.ts'
import type { Endpoint } from './service.ts'

/**
 * The answers that may be given, with the share of each: a spread of sets in which weights hold, not all combinations.
 *
 * With n endpoints of which m are in an answer:
 *
 *   m = 1 ......... n variants, each with its share of the weight
 *   1 < m < n ..... sets by weighted sampling without replacement, each turned so that any of its members may be first
 *   m = n ......... n rotations of the whole list
 *
 * All three are one rule, and it is exact where it fits into VARIANTS_MAX: an endpoint is in an answer with probability
 * min(1, m * weight / sum), and it is the *first* address with probability weight / sum, because many clients try the first
 * address only. Beyond that bound, sets and turns are sampled evenly.
 *
 * `endpoints` come in their tie-break order with weights above 0. An address that occurs twice is answered once, with the
 * weight of both. Of endpoints that share a group one at most is in an answer: sets are then made of groups, and each group
 * gives a member by weight. Where a name (CNAME target) is among them, an answer is one endpoint: a CNAME stands alone (RFC 1034 3.6.2).
 */
export function buildVariants(endpoints: readonly Endpoint[], answers: number): readonly Variant[] {
  if (endpoints.length === 0) return []
  const targets = mergeTargets(endpoints)
  const groups = groupPositions(targets)
  const size = answerSize(endpoints, answers, groups.length)
  const turned = turnedSets(
    groups.map((group) => group.reduce((sum, position) => sum + targets[position]!.weight, 0)),
    size,
  )
  if (groups.length === targets.length) {
    return turned.map(({ members, share }) => ({
      endpoints: members.map((member) => targets[member]!.endpoint),
      share,
    }))
  }
  const most = Math.max(1, Math.floor(VARIANTS_MAX / turned.length))
  return turned.flatMap(({ members, share }) =>
    chooseOfGroups(
      members.map((member) => groups[member]!),
      targets,
      most,
    ).map((choice) => ({
      endpoints: choice.members.map((position) => targets[position]!.endpoint),
      share: share * choice.share,
    })),
  )
}

/** Sets of positions with the share of each, turned so that any member may be first. */
function turnedSets(weights: readonly number[], size: number): readonly SampledSet[] {
  const sample = sampleSets(weights, size, VARIANTS_MAX)
  const turnsEach = Math.floor(VARIANTS_MAX / sample.sets.length)
  const firstGivenMember = chancesToBeFirst(weights, sample)
  return sample.sets.flatMap((set, index) => {
    const chances = set.members.map((member) => firstGivenMember[member]!)
    const turns = set.members.length <= turnsEach ? chances : sampleTurns(chances, turnsEach, phaseOf(index))
    return turnSet(set, turns)
  })
}

/** Endpoints in one answer: as many as asked for and there, at least one; exactly one where there is a name. */
export function answerSize(endpoints: readonly Endpoint[], answers: number, targets: number): number {
  if (endpoints.some((endpoint) => endpoint.kind === 'name')) return 1
  return Math.max(1, Math.min(Math.floor(answers), targets))
}

interface Target extends Grouped {
  readonly endpoint: Endpoint
}

function mergeTargets(endpoints: readonly Endpoint[]): readonly Target[] {
  const byOctets = new Map<string, { endpoint: Endpoint; weight: number; group: number | undefined }>()
  for (const endpoint of endpoints) {
    const octets = targetKey(endpoint)
    const same = byOctets.get(octets)
    if (same === undefined) byOctets.set(octets, { endpoint, weight: endpoint.weight, group: endpoint.group })
    else same.weight += endpoint.weight
  }
  return [...byOctets.values()]
}

/** The same for endpoints that are one address, or one name. */
export function targetKey(endpoint: Endpoint): string {
  return `${endpoint.kind} ${endpoint.target.join('.')}`
}

/**
 * How probable it is that a member of the set drawn is its first: weight / sum, divided by the probability to be in the set.
 * Over the members of any set these sum to 1: a set holds all certain positions, and as many of the others as fit, which all
 * have the same quotient.
 */
function chancesToBeFirst(weights: readonly number[], sample: SetSample): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight, position) => weight / sum / sample.inclusion[position]!)
}

/** One answer for every member that may be first, the others following in their circle. */
function turnSet(set: SampledSet, turns: readonly number[]): readonly SampledSet[] {
  return turns.flatMap((chance, first) => {
    if (chance === 0) return []
    return [{ members: [...set.members.slice(first), ...set.members.slice(0, first)], share: set.share * chance }]
  })
}

/** The same chances, of which at most `count` are not 0: `count` even samples, shifted by `phase`. */
function sampleTurns(chances: readonly number[], count: number, phase: number): readonly number[] {
  const sampled = chances.map(() => 0)
  const sum = chances.reduce((total, chance) => total + chance, 0)
  let member = 0
  let end = chances[0]!
  for (let j = 0; j < count; j++) {
    const point = ((j + phase) / count) * sum
    while (end <= point && member < chances.length - 1) end += chances[++member]!
    sampled[member]! += 1 / count
  }
  return sampled
}

/** A shift in [0, 1) that differs from set to set and is spread evenly over any run of them (the golden ratio's multiples). */
function phaseOf(index: number): number {
  return ((index + 0.5) * 0.6180339887498949) % 1
}
