import {
  ConfigurationRefused,
  createLog,
  handleSignals,
  ListenError,
  type RunningServer,
  StartRefused,
  startServer,
} from '@windrose/server'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { say } from './output.ts'
import type { ServeTransport } from './serve-transports.ts'

/** `windrose serve`, as it is called. */
export interface ServeWish {
  readonly configFile: string
  readonly listen?: readonly string[] | undefined
  readonly transport?: ServeTransport | undefined
}

/**
 * Starts the server and resolves when it answers; from then on signals steer it. What it cannot start for is a
 * CommandFailure with the documented exit code.
 */
export async function serve(wish: ServeWish): Promise<RunningServer> {
  const log = createLog()
  const { configFile, listen, transport = 'auto' } = wish
  let server: RunningServer | undefined
  try {
    server = await startServer({ configFile, ...(listen === undefined ? {} : { listen }), transport, log })
    handleSignals(server, await log)
    await server.ready
    return server
  } catch (error) {
    await server?.stop()
    throw await startFailure(error)
  }
}

async function startFailure(error: unknown): Promise<unknown> {
  if (error instanceof ConfigurationRefused) {
    const { printProblems } = await import('@windrose/config')
    say(printProblems(error.problems, { color: process.stderr.isTTY }))
    return new CommandFailure(`not started: ${error.message}`, ExitCode.refused)
  }
  if (error instanceof ListenError) return new CommandFailure(`not started: ${error.message}`, ExitCode.unreachable)
  if (error instanceof StartRefused) return new CommandFailure(`not started: ${error.message}`, ExitCode.unreachable)
  return error
}
