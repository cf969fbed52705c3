import { healthCell, STABILITY_MAX, Verdict } from '@windrose/steering'
import { buildSnapshot, createTable } from './build-snapshot.ts'
import { compileEverything } from './compile/compile-everything.ts'
import { type ExplainParameters, readQuestion } from './control/explain-route.ts'
import type { ExplanationBody } from './control/explain-types.ts'
import { DatabaseReaders, explainQuestion } from './explain.ts'
import { ConfigurationRefused, StartRefused } from './start-refused.ts'

/** What `explainFromFile` does, with all that it needs. */
export async function explainCompiled(file: string, parameters: ExplainParameters): Promise<ExplanationBody> {
  const question = readQuestion(parameters)
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
