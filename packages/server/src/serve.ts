import { startAnswering } from './answering.ts'
import { assembleServer } from './assemble-server.ts'
import { compileThread } from './compile/compile-thread.ts'
import type { RunningServer } from './running-server.ts'
import type { StartOptions } from './start-options.ts'

/**
 * Starts a server: reads the configuration, makes the state directory, opens the control API, waits for first verdicts
 * and answers queries.
 *
 * Resolves when everything but the answering is there; the rest is `ready`. Throws a ConfigurationRefused, a
 * ListenError or a StartRefused: each says in one line what to do.
 */
export function startServer(options: StartOptions): Promise<RunningServer> {
  return assembleServer({ ...options, compiler: compileThread, startAnswering })
}
