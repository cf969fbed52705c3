import { printProblems } from '@windrose/config'
import {
  ConfigurationRefused,
  createLog,
  ListenError,
  type RunningServer,
  StartRefused,
  startServer,
} from '@windrose/server'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { say } from './output.ts'

/** `windrose serve`, as it is called. */
export interface ServeWish {
  readonly configFile: string
  readonly listen?: readonly string[] | undefined
}

/** Starts the server. What it cannot start for is a CommandFailure with the documented exit code. */
export async function serve(wish: ServeWish): Promise<RunningServer> {
  try {
    return await startServer({
      configFile: wish.configFile,
      ...(wish.listen === undefined ? {} : { listen: [...wish.listen] }),
      log: createLog(),
    })
  } catch (error) {
    throw startFailure(error)
  }
}

function startFailure(error: unknown): unknown {
  if (error instanceof ConfigurationRefused) {
    say(printProblems(error.problems, { color: process.stderr.isTTY }))
    return new CommandFailure(`not started: ${error.message}`, ExitCode.refused)
  }
  if (error instanceof ListenError) return new CommandFailure(`not started: ${error.message}`, ExitCode.unreachable)
  if (error instanceof StartRefused) return new CommandFailure(`not started: ${error.message}`, ExitCode.unreachable)
  return error
}
