import { isName, nameProblem } from '@windrose/store'
import { CommandFailure, ExitCode } from './exit-code.ts'

/** Ends the verb where a word cannot name an agent, a namespace or a prefix. */
export function requireName(word: string): void {
  if (!isName(word)) throw new CommandFailure(nameProblem(word), ExitCode.usage)
}
