import { explainFromFile } from '@windrose/server'
import { print, printJson } from './output.ts'
import { type ExplainQuestion, explanationText } from './show-explanation.ts'
import { fromConfiguration } from './what-if/from-configuration.ts'

/** `windrose explain -c FILE`: from a configuration, with every endpoint up. */
export async function explainFile(file: string, question: ExplainQuestion, json: boolean): Promise<void> {
  const given = Object.entries(question).filter(([, value]) => value !== undefined)
  const explanation = await fromConfiguration(() => explainFromFile(file, Object.fromEntries(given)))
  if (json) printJson(explanation)
  else print(explanationText(explanation))
}
