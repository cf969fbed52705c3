import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import { eventually, Running, WINDROSE, windrose } from './processes.ts'

/** A server of a test, in a folder of its own. */
export interface TestServer {
  readonly folder: string
  readonly port: number
  readonly api: string
  readonly running: Running
  /** Writes a file into the server's folder. */
  write(name: string, text: string): void
  /** A file of the server's folder, as `write` would be given it. */
  read(name: string): string
  /** Runs a verb against this server. */
  verb(...args: string[]): Promise<{ code: number | null; output: string }>
  /** Ends the process and keeps the folder: `start` begins again where it was. Gives the exit code. */
  halt(signal?: NodeJS.Signals): Promise<number | null>
  /** Starts again in the same folder. Resolves when the server is ready. */
  start(): Promise<void>
  /** Ends it for good. Gives the exit code. */
  stop(): Promise<number | null>
}

/** How a server of a test differs from the usual one. */
export interface ServerOptions {
  readonly host?: string
  /** Instead of the host and [::1], of the port that is given. */
  readonly listen?: (port: number) => readonly string[]
  readonly transport?: 'auto' | 'mmsg' | 'dgram'
  /** Arguments for Node itself, before the command. */
  readonly node?: readonly string[]
  /** Resolve as soon as the control API answers, ready or not. */
  readonly early?: boolean
  /** How long a start may take, for large configurations. */
  readonly withinMs?: number
}

/**
 * Starts `windrose serve` on files, by name; `windrose.yaml` among them is given listen, control and state_dir here, where
 * it says nothing of them. Resolves when the server is ready.
 */
export async function startServer(
  files: Readonly<Record<string, string>>,
  options: string | ServerOptions = {},
): Promise<TestServer> {
  const {
    host = '127.0.0.1',
    listen,
    transport,
    early = false,
    withinMs,
    node = [],
  } = typeof options === 'string' ? { host: options } : options
  const folder = mkdtempSync(join(tmpdir(), 'windrose-'))
  const [port, control] = [await freePort(host), await freePort()]
  const api = `http://127.0.0.1:${control}`
  const addresses = JSON.stringify(listen?.(port) ?? [`${host}:${port}`, `[::1]:${port}`])
  const own = `listen: ${addresses}\ncontrol: { listen: 127.0.0.1:${control} }\nstate_dir: state\n`
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), name === 'windrose.yaml' ? own + text : text)
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  const args = [
    'serve',
    '-c',
    join(folder, 'windrose.yaml'),
    ...(transport === undefined ? [] : ['--transport', transport]),
  ]
  const run = (): Running => new Running(process.execPath, [...node, WINDROSE, ...args])
  let running = run()
  const untilReady = async (): Promise<void> => {
    try {
      await eventually(
        () => readyStatus(api, running),
        (status) => status === 200 || (early && status !== 0),
        withinMs ?? READY_MS,
      )
    } catch (error) {
      await running.stop()
      throw new Error(`the server did not get ready: ${running.output}`, { cause: error })
    }
  }
  const server: TestServer = {
    folder,
    port,
    api,
    get running() {
      return running
    },
    write,
    read: (name) => readFileSync(join(folder, name), 'utf8').replace(name === 'windrose.yaml' ? own : '', ''),
    verb: (...args) => windrose(...args, '--api', api),
    halt: (signal) => running.stop(signal),
    start: async () => {
      running = run()
      await untilReady()
    },
    stop: async () => {
      const code = await running.stop()
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
  try {
    await untilReady()
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

/** A second or two where the machine has nothing else to do. */
const READY_MS = 60_000

async function readyStatus(api: string, running: Running): Promise<number> {
  if (running.process.exitCode !== null) throw new Error('it ended')
  try {
    return (await fetch(`${api}/readyz`)).status
  } catch {
    return 0
  }
}
