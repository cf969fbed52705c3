import { printProblems, readConfiguration } from '@windrose/config'
import { ExitCode } from './exit-code.ts'
import { print, printJson, say } from './output.ts'

/** `windrose check FILE`: exactly what `serve` would refuse, by the same code. Gives the exit code. */
export async function check(file: string, json: boolean): Promise<ExitCode> {
  const { configuration, problems } = await readConfiguration(file)
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  if (json) printJson({ ok: configuration !== undefined, errors, warnings, problems })
  else {
    if (problems.length > 0) say(printProblems(problems, { color: process.stderr.isTTY }))
    const counts = `${count(errors, 'error')}, ${count(warnings, 'warning')}`
    print(configuration === undefined ? `${file}: refused, ${counts}` : `${file}: fine, ${counts}`)
  }
  return configuration === undefined ? ExitCode.refused : ExitCode.done
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
