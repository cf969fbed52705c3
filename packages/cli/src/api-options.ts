import { defaultStateDir } from '@windrose/config/state-dir'
import type { Command } from 'commander'
import { ControlClient } from './control-client.ts'

/** What the verbs are told that talk to a running server. */
export interface ApiOptions {
  readonly api: string
  readonly tokenFile?: string
}

const DEFAULT_API = 'http://127.0.0.1:8053'

export function withApi(command: Command): Command {
  return command
    .option(
      '--api <url>',
      'the control API of the server (or WINDROSE_API)',
      process.env['WINDROSE_API'] ?? DEFAULT_API,
    )
    .option('--token-file <file>', `its token; by default where the server says (${defaultStateDir()}/token)`)
}

export function clientOf({ api, tokenFile }: ApiOptions): ControlClient {
  return new ControlClient({ api, tokenFile })
}
