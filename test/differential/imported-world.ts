import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Gdnsd, startGdnsd } from '../support/gdnsd.ts'
import { seededRandom } from '../support/mutations.ts'
import { eventually, windrose } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { statusOf } from '../support/status.ts'
import { everyAddress, gdnsdFiles } from './gdnsd-world.ts'
import { downAddresses, FORCED, SITES } from './health-states.ts'

/** A gdnsd, and a windrose whose configuration `windrose import` made of its folder; both know the same states. */
export interface ImportedWorld {
  readonly gdnsd: Gdnsd
  readonly server: TestServer
  /** What the import said that it could not say again: kind, and what of. */
  readonly findings: readonly string[]
  stop(): Promise<void>
}

export async function startImportedWorld(): Promise<ImportedWorld> {
  const gdnsd = await startGdnsd(gdnsdFiles([]), 'geo-0.example.com')
  try {
    const { files, findings } = await importFrom(gdnsd.folder)
    const server = await startServer(files, { early: true })
    await tellStates(server)
    return {
      gdnsd,
      server,
      findings,
      stop: async () => {
        await gdnsd.stop()
        expect(await server.stop()).toBe(0)
      },
    }
  } catch (error) {
    await gdnsd.stop()
    throw error
  }
}

async function importFrom(
  folder: string,
): Promise<{ files: Record<string, string> & { 'windrose.yaml': string }; findings: string[] }> {
  const out = mkdtempSync(join(tmpdir(), 'windrose-imported-'))
  const { output } = await windrose('import', 'gdnsd', folder, '--out', join(out, 'new'))
  const files = { 'windrose.yaml': '', ...readFolder(join(out, 'new')) }
  rmSync(out, { recursive: true })
  return {
    // Test servers are told elsewhere where they listen.
    files: { ...files, 'windrose.yaml': files['windrose.yaml'].replace(/^listen: .*\n/m, '') },
    findings: [...output.matchAll(/^\S+: (?:warning: )?((?:left out|changed|unreadable|to do): [^:]*)/gm)].map(
      ([, finding]) => finding!.replaceAll(folder, 'FOLDER'),
    ),
  }
}

function readFolder(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    names.filter((name) => /\.\w+$/.test(name)).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
}

/** Pushes every state, forces some, and waits until all of it counts. */
async function tellStates(server: TestServer): Promise<void> {
  const down = downAddresses(seededRandom(2024))
  const token = readFileSync(join(server.folder, 'state/token'), 'utf8').trim()
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${server.api}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  const all = SITES.flatMap(everyAddress)
  for (let at = 0; at < all.length; at += 50) {
    await Promise.all(
      all
        .slice(at, at + 50)
        .map((address) => send('PUT', `push/state/${address}`, { status: down.has(address) ? 'critical' : 'ok' })),
    )
  }
  for (const { service, site, action } of FORCED)
    await send('POST', 'overrides', { target: `${service}/${site}`, action, reason: 'test', author: 'test' })
  const isAsTold = (id: string, verdict: string): boolean => {
    const [service, site, address] = id.split('/')
    if (FORCED.some((forced) => forced.service === service && forced.site === site)) return true
    return verdict === (down.has(address!) ? 'down' : 'up')
  }
  await eventually(
    async () =>
      (await statusOf(server)).endpoints.filter(({ id, verdict }) => !isAsTold(id, verdict)).map(({ id }) => id),
    (late) => late.length === 0,
  )
}
