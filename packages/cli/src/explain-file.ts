import { printProblems } from '@windrose/config'
import { ConfigurationRefused, explainFromFile } from '@windrose/server'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { print, printJson, say } from './output.ts'
import { type ExplainQuestion, explanationText } from './show-explanation.ts'

/** `windrose explain -c FILE`: from a configuration, with every endpoint up. */
export async function explainFile(file: string, question: ExplainQuestion, json: boolean): Promise<void> {
  const { name, type, client, resolver, classes } = question
  try {
    const explanation = await explainFromFile(file, {
      name,
      type,
      ...(client === undefined ? {} : { client }),
      ...(resolver === undefined ? {} : { resolver }),
      ...(classes === undefined ? {} : { classes }),
    })
    if (json) printJson(explanation)
    else print(explanationText(explanation))
  } catch (error) {
    if (error instanceof ConfigurationRefused) say(printProblems(error.problems, { color: process.stderr.isTTY }))
    throw new CommandFailure(error instanceof Error ? error.message : String(error), ExitCode.refused)
  }
}
