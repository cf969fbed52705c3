import { printName, printRtype } from '@windrose/dns'
import { type AreaMatcher, printMatcher } from '@windrose/geo'
import { printAddress } from '@windrose/ip'
import type { ClientMap } from '@windrose/steering'
import type { AreaExplanationBody, ExplanationBody } from '../control/explain-types.ts'
import { type AskedQuestion, DatabaseReaders, type ExplainedState, explainQuestion } from '../explain.ts'
import type { AreaMembers } from './area-members.ts'
import { type ClientGroup, groupClients } from './group-clients.ts'

/** A question with the area whose clients ask it. */
export interface AreaQuestion extends Omit<AskedQuestion, 'client'> {
  readonly area: AreaMatcher
  /** So many of their classes are explained. */
  readonly classes: number
}

/**
 * What the clients of an area are answered and why, class by class, those of most clients first. Clients are told apart by
 * all that a service on the way asks of them, so what is said of one network of a class holds for all of them; but where an
 * answer is picked by client, which one it is is said of that network alone.
 *
 * Undefined when no message could hold the question.
 */
export function explainArea(
  { area, classes, ...question }: AreaQuestion,
  state: ExplainedState,
  clients: AreaMembers,
): AreaExplanationBody | undefined {
  const readers = new DatabaseReaders()
  let maps: readonly ClientMap[] = []
  let groups: readonly ClientGroup[] = []
  let explanations: readonly (ExplanationBody | undefined)[] = []
  // What an answer leads to may be steered by other classes: until no more services are found.
  for (let known = -1; known < maps.length; ) {
    known = maps.length
    groups = groupClients(clients, maps)
    explanations = groups.map(({ example }) => explainQuestion({ ...question, client: example }, state, readers))
    maps = mapsOf(explanations, state)
  }
  const all = { ipv4: sum(groups, 'ipv4'), ipv6: sum(groups, 'ipv6') }
  const explained = groups.slice(0, classes).map((group, i) => ({
    units: group.units,
    shares: { ipv4: shareOf(group.units.ipv4, all.ipv4), ipv6: shareOf(group.units.ipv6, all.ipv6) },
    explanation: explanations[i],
  }))
  if (explanations.includes(undefined)) return undefined
  return {
    question: {
      name: printName(question.qname),
      type: printRtype(question.qtype),
      client: printMatcher(area),
      resolver: printAddress(question.resolver),
    },
    units: all,
    classes: explained.map((group) => ({ ...group, explanation: group.explanation! })),
    classesLeftOut: groups.length - explained.length,
  }
}

/** The client maps of all services that the explanations tell of. */
function mapsOf(
  explanations: readonly (ExplanationBody | undefined)[],
  { snapshot }: ExplainedState,
): readonly ClientMap[] {
  const decided = explanations.flatMap((explanation) =>
    (explanation?.names ?? []).flatMap((name) => [name, ...(name.hints ?? [])]),
  )
  const services = new Set(decided.map(({ service }) => service))
  const maps = snapshot.services
    .filter(({ name }) => services.has(name))
    .flatMap(({ clientMap }) => snapshot.maps[clientMap] ?? [])
  return [...new Set(maps)]
}

function sum(groups: readonly ClientGroup[], family: 'ipv4' | 'ipv6'): number {
  return groups.reduce((total, { units }) => total + units[family], 0)
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
