import { printProblems } from '@windrose/config'
import { ConfigurationRefused } from '@windrose/server'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { say } from '../output.ts'

/** What a server would be asked, computed here from a configuration; what is wrong with it is said as `check` says it. */
export async function fromConfiguration<Body>(compute: () => Promise<Body>): Promise<Body> {
  try {
    return await compute()
  } catch (error) {
    if (error instanceof ConfigurationRefused) say(printProblems(error.problems, { color: process.stderr.isTTY }))
    throw new CommandFailure(error instanceof Error ? error.message : String(error), ExitCode.refused)
  }
}

/** What a server is asked; where none runs, the user is told how to do without one. */
export async function fromServer<Body>(ask: () => Promise<Body>, without: string): Promise<Body> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.code !== ExitCode.unreachable) throw error
    throw new CommandFailure(`${error.message}; ${without}`, ExitCode.unreachable)
  }
}

/** A little longer than the server gives itself. */
export const WHAT_IF_TIMEOUT_MS = 70_000
