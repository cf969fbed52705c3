import { resolve } from 'node:path'
import { type ReplayBody, type ReplayRequest, replayFromFile } from '@windrose/server'
import type { ControlClient } from '../control-client.ts'
import { ExitCode } from '../exit-code.ts'
import { print, printJson, say } from '../output.ts'
import { fromConfiguration, fromServer, WHAT_IF_TIMEOUT_MS } from './from-configuration.ts'
import { readTextFile } from './read-text-file.ts'
import { replayText } from './replay-text.ts'

/** What the user wants to know. */
export interface ReplayWish {
  /** The candidate. */
  readonly config: string
  /** `running`, or a configuration. */
  readonly against: string
  readonly json?: boolean
}

/** `windrose replay`. Gives the exit code: `refused` where some answer changes. */
export async function replay(
  client: ControlClient,
  file: string,
  { config, against, json = false }: ReplayWish,
): Promise<ExitCode> {
  const request: ReplayRequest = { config: resolve(config), queries: readTextFile(file) }
  const body =
    against === 'running'
      ? await fromServer(
          () => client.send<ReplayBody>('POST', '/api/v1/replay', request, WHAT_IF_TIMEOUT_MS),
          'or say with --against FILE which configuration to compare with',
        )
      : await fromConfiguration(() => replayFromFile(against, request))
  for (const { line, reason } of body.badLines) say(`${file}:${line}: ${reason}`)
  if (body.badLinesLeftOut > 0) say(`and ${body.badLinesLeftOut} more lines that could not be read`)
  if (json) printJson(body)
  else print(replayText(body, file))
  return body.changed > 0 ? ExitCode.refused : ExitCode.done
}
