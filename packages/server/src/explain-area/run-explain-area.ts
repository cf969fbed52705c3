import type { MapSpec } from '@windrose/geo'
import { Geographies } from '../compile/compile-geography.ts'
import type { AreaExplanationBody } from '../control/explain-types.ts'
import { compareStates, type PresentState, type WhatIfRefusal } from '../what-if/compare-states.ts'
import { areaMembers } from './area-members.ts'
import { type AreaQuestion, explainArea } from './explain-area.ts'

/** Explains what the clients of an area are answered by what is served. */
export async function runExplainArea(
  present: PresentState,
  question: AreaQuestion,
  geographies: Geographies = new Geographies(),
): Promise<AreaExplanationBody | WhatIfRefusal> {
  const { configuration, geography } = present.compiled
  const states = await compareStates(present, undefined, undefined, geographies)
  if (!('before' in states)) return states
  const places = geographies.places(configuration.geo.databases, [askingFor(question)])
  if ('refusal' in places) return places
  const state = { snapshot: states.before.snapshot, configuration, geography }
  const explanation = explainArea(question, state, areaMembers(places.map, question.area))
  return explanation ?? { problem: 'no message can hold this question' }
}

/** So that places are told apart by the area. */
function askingFor({ area }: AreaQuestion): MapSpec {
  return { sites: [], preferred: 0, rules: [], areas: [[{ of: area, area: 1 }]] }
}
