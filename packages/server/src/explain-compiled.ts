import { healthCell, STABILITY_MAX, Verdict } from '@windrose/steering'
import { buildSnapshot, createTable } from './build-snapshot.ts'
import { compileEverything } from './compile/compile-everything.ts'
import { Geographies } from './compile/compile-geography.ts'
import { type ExplainParameters, readQuestion } from './control/explain-route.ts'
import type { AreaExplanationBody, ExplanationBody } from './control/explain-types.ts'
import { DatabaseReaders, explainQuestion } from './explain.ts'
import type { AreaQuestion } from './explain-area/explain-area.ts'
import { runExplainArea } from './explain-area/run-explain-area.ts'
import { ConfigurationRefused, StartRefused } from './start-refused.ts'
import { CLOCK } from './what-if/clock.ts'
import { presentFromFile, type WhatIfRefusal } from './what-if/compare-states.ts'
import { orThrow } from './what-if/from-file.ts'

/** What `explainFromFile` does, with all that it needs. */
export async function explainCompiled(
  file: string,
  parameters: ExplainParameters,
): Promise<ExplanationBody | AreaExplanationBody> {
  const question = readQuestion(parameters)
  if ('area' in question) return orThrow(await explainAreaCompiled(file, question))
  const compiled = await compileEverything(file, undefined)
  if ('refusal' in compiled) {
    if (compiled.problems.length > 0) throw new ConfigurationRefused(compiled.problems)
    throw new StartRefused(compiled.refusal)
  }
  const table = createTable(compiled.configuration)
  table.health.cells.fill(healthCell(Verdict.up, 0, STABILITY_MAX))
  const explanation = explainQuestion(
    question,
    { snapshot: buildSnapshot(compiled, table), ...compiled },
    new DatabaseReaders(),
  )
  if (explanation === undefined) throw new StartRefused('no message can hold this question')
  return explanation
}

async function explainAreaCompiled(file: string, question: AreaQuestion): Promise<AreaExplanationBody | WhatIfRefusal> {
  const geographies = new Geographies()
  const present = await presentFromFile(file, geographies, CLOCK.now())
  return 'refusal' in present ? present : runExplainArea(present, question, geographies)
}
