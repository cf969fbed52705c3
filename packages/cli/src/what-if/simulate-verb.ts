import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type SimulationBody, type SimulationRequest, type StateChange, simulateFromFile } from '@windrose/server'
import type { ControlClient } from '../control-client.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { print, printJson, say } from '../output.ts'
import { fromConfiguration, fromServer, WHAT_IF_TIMEOUT_MS } from './from-configuration.ts'
import { readTextFile } from './read-text-file.ts'
import { simulationText } from './simulation-text.ts'

/** What the user wants to know. */
export interface SimulationWish {
  readonly service?: string
  readonly name?: string
  readonly type: 'A' | 'AAAA'
  readonly kill: readonly string[]
  readonly drain: readonly string[]
  /** `PATTERN=STATE`. */
  readonly set: readonly string[]
  /** A candidate. */
  readonly config?: string
  /** The configuration to start from, instead of the running server. */
  readonly from?: string
  readonly queries?: string
  readonly json?: boolean
  readonly html?: string
  readonly svg?: string
}

/** `windrose simulate`. */
export async function simulate(client: ControlClient, wish: SimulationWish): Promise<void> {
  const request = requestOf(wish)
  const { from } = wish
  const body =
    from === undefined
      ? await fromServer(
          () => client.send<SimulationBody>('POST', '/api/v1/simulate', request, WHAT_IF_TIMEOUT_MS),
          'or say with -c FILE which configuration to start from',
        )
      : await fromConfiguration(() => simulateFromFile(from, request))
  for (const { line, reason } of body.demand?.badLines ?? []) say(`${wish.queries}:${line}: ${reason}`)
  if (wish.svg !== undefined || wish.html !== undefined) await writePictures(body, wish)
  if (wish.json === true) printJson(body)
  else print(simulationText(body))
}

function requestOf({ service, name, type, kill, drain, set, config, queries }: SimulationWish): SimulationRequest {
  return {
    type,
    kill,
    drain,
    set: set.map(readChange),
    ...(service === undefined ? {} : { service }),
    ...(name === undefined ? {} : { name }),
    ...(config === undefined ? {} : { config: resolve(config) }),
    ...(queries === undefined ? {} : { queries: readTextFile(queries) }),
  }
}

function readChange(text: string): StateChange {
  const [, target, state] = /^(.+)=(up|down|drained)$/.exec(text) ?? []
  if (target === undefined || state === undefined) {
    throw new CommandFailure(`--set ${text}: write PATTERN=up, PATTERN=down or PATTERN=drained`, ExitCode.usage)
  }
  return { target, state: state as StateChange['state'] }
}

async function writePictures(body: SimulationBody, { html, svg }: SimulationWish): Promise<void> {
  const [service, ...others] = body.services
  if (svg !== undefined) {
    if (service === undefined || others.length > 0) {
      const names = body.services.map((one) => one.service).join(', ')
      throw new CommandFailure(`a picture is of one service: choose with --service (${names})`, ExitCode.usage)
    }
    const { drawPicture } = await import('./picture/draw-picture.ts')
    write(svg, drawPicture(body, service))
  }
  if (html !== undefined) {
    const { writePage } = await import('./picture/write-page.ts')
    write(html, writePage(body))
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new CommandFailure(`cannot write ${file} (${why})`, ExitCode.unreachable)
  }
  say(`written: ${file}`)
}
