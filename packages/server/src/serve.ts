import { beginEverything, compileThread } from './compile/compile-thread.ts'
import type { Compiler } from './compile/compiled.ts'
import type { Logger } from './log.ts'
import type { RunningServer } from './running-server.ts'
import type { StartOptions } from './start-options.ts'
import { SpareThreads } from './threads/spare-threads.ts'

/**
 * Starts a server: reads the configuration, makes the state directory, opens the control API, waits for first verdicts
 * and answers queries.
 *
 * Resolves when everything but the answering is there; the rest is `ready`. Throws a ConfigurationRefused, a
 * ListenError or a StartRefused: each says in one line what to do.
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { loaded, result } = beginEverything(options.configFile, options.listen)
  // The way to the first answer leads through that thread: what this one needs is loaded while the other one works.
  await loaded
  const [log, { assembleServer }, { startAnswering }] = await Promise.all([
    options.log,
    import('./assemble-server.ts'),
    import('./answering.ts'),
  ])
  const spare = new SpareThreads(['tcp', options.transport === 'dgram' ? 'dgram' : 'mmsg'])
  try {
    return await assembleServer({
      ...options,
      log,
      compiler: firstFrom(result),
      startAnswering: (answering) => startAnswering({ ...answering, spare }),
    })
  } catch (error) {
    spare.end()
    throw error
  }
}

/** As StartOptions; the log may still be on its way. */
export interface ServeOptions extends Omit<StartOptions, 'log'> {
  readonly log: Logger | Promise<Logger>
}

/** The compile thread, which has begun with what it is asked first. */
function firstFrom(result: ReturnType<Compiler['everything']>): Compiler {
  let begun: typeof result | undefined = result
  return {
    ...compileThread,
    everything: (file, listen) => {
      const first = begun
      begun = undefined
      return first ?? compileThread.everything(file, listen)
    },
  }
}
