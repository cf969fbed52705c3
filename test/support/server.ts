import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { eventually, Running, WINDROSE, windrose } from './processes.ts'

/** A server of a test, in a folder of its own. */
export interface TestServer {
  readonly folder: string
  readonly port: number
  readonly api: string
  readonly running: Running
  /** Writes a file into the server's folder. */
  write(name: string, text: string): void
  /** Runs a verb against this server. */
  verb(...args: string[]): Promise<{ code: number | null; output: string }>
  stop(): Promise<number | null>
}

/**
 * Starts `windrose serve` on files, by name; `windrose.yaml` among them is given listen, control and state_dir here, where
 * it says nothing of them. Resolves when the server is ready.
 */
export async function startServer(files: Readonly<Record<string, string>>, host = '127.0.0.1'): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'windrose-'))
  const [port, control] = [await freePort(host), await freePort('127.0.0.1')]
  const api = `http://127.0.0.1:${control}`
  const own = `listen: ["${host}:${port}", "[::1]:${port}"]\ncontrol: { listen: 127.0.0.1:${control} }\nstate_dir: state\n`
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), name === 'windrose.yaml' ? own + text : text)
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  const running = new Running(process.execPath, [WINDROSE, 'serve', '-c', join(folder, 'windrose.yaml')])
  const server: TestServer = {
    folder,
    port,
    api,
    running,
    write,
    verb: (...args) => windrose(...args, '--api', api),
    stop: async () => {
      const code = await running.stop()
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
  try {
    await eventually(
      () => readyStatus(api, running),
      (status) => status === 200,
    )
  } catch (error) {
    await server.stop()
    throw new Error(`the server did not get ready: ${running.output}`, { cause: error })
  }
  return server
}

async function readyStatus(api: string, running: Running): Promise<number> {
  if (running.process.exitCode !== null) throw new Error('it ended')
  try {
    return (await fetch(`${api}/readyz`)).status
  } catch {
    return 0
  }
}

/** A port that is free for TCP now; UDP ports of the same number are as good as always free too. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
