import { createLog, ListenRefused, type RunningAgent, runAgent, StartRefused, type StoreWish } from '@windrose/server'
import { CommandFailure, ExitCode } from './exit-code.ts'

/** `windrose agent`, as it is called. */
export interface AgentWish {
  readonly name: string
  readonly vantage: string
  readonly store: StoreWish
  readonly signingKey?: string | undefined
  readonly maxRunning?: number | undefined
  readonly allowCommands: boolean
  readonly metrics?: string | undefined
}

/** Runs an agent until a signal or a namesake ends it. */
export async function agent(wish: AgentWish): Promise<void> {
  const log = await createLog()
  let running: RunningAgent
  try {
    running = await runAgent({ ...wish, log })
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    const code = error instanceof ListenRefused ? ExitCode.unreachable : ExitCode.refused
    throw new CommandFailure(`not started: ${error.message}`, code)
  }
  const signal = new Promise<undefined>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(undefined))
  })
  const fenced = await Promise.race([running.fenced, signal])
  await running.stop()
  if (fenced !== undefined) throw new CommandFailure(`stopped: ${fenced}`, ExitCode.refused)
  log.info({ component: 'agent' }, 'stopped')
}
