import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import { eventually, Running } from './processes.ts'
import { UdpClient } from './udp-client.ts'

/** Debian's gdnsd, running in a folder of its own. */
export interface Gdnsd {
  /** Its configuration folder. */
  readonly folder: string
  readonly port: number
  readonly running: Running
  stop(): Promise<void>
}

/** What gdnsd runs on, by path: `config` without its options, `zones/...`, `geoip/...`; `state/...` is its state. */
export type GdnsdFiles = Readonly<Record<string, string | Uint8Array>>

/** Starts it and waits until it answers for a name. */
export async function startGdnsd(files: GdnsdFiles, name: string): Promise<Gdnsd> {
  const folder = mkdtempSync(join(tmpdir(), 'windrose-gdnsd-'))
  const port = await freePort('127.0.0.1')
  const options = `options => { listen => 127.0.0.1, dns_port => ${port}, udp_threads => 1, tcp_threads => 1, run_dir => ${folder}/run, state_dir => ${folder}/state }\n`
  for (const path of ['run', 'state/extfile', 'geoip', 'zones']) mkdirSync(join(folder, path), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path === 'config' ? `${options}${content}` : content)
  }
  const running = new Running('gdnsd', ['-c', folder, 'start'])
  const client = new UdpClient('127.0.0.1', port)
  try {
    await eventually(
      async () => {
        if (running.process.exitCode !== null) throw new Error('it ended')
        return (await client.ask({ name }, 200))?.rcode
      },
      (rcode) => rcode === 0,
    )
  } catch (error) {
    await running.stop()
    throw new Error(`gdnsd does not answer: ${running.output}`, { cause: error })
  } finally {
    client.close()
  }
  return {
    folder,
    port,
    running,
    stop: async () => {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
