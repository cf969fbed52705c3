import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { windrose, writeWindroseFiles } from '../peers/windrose.ts'
import { WORLD, type World } from '../world/world.ts'
import { type Suite, withPeers } from './bench.ts'
import { STEERED } from './workloads.ts'

const QUERIES_PER_SECOND = 50_000
/** A third of each kind. */
const NAMES = 99_999
const HEALTH_CHANGE_MS = 200
/** Every other health change: a site goes, and comes back when the override is removed. */
const DOWN = { target: 'site:fra', action: 'down', reason: 'benchmark', author: 'benchmark' }

/** What came of the queries while changes were made. */
interface UnderLoad {
  readonly sent: number
  readonly lost: number
  readonly skipped: number
  /** The worst of all pieces of load, in nanoseconds. */
  readonly p999: number
}

/**
 * Reloads the configuration many times, then takes a site down and up again many times, under load, and counts
 * queries that went without an answer. Load comes in pieces, one after the other, until the changes are through.
 */
export const changes: Suite = (bench) => {
  const world: World = { ...WORLD, names: NAMES / 3 }
  return withPeers(bench, [{ peer: windrose, world }], async ([server]) => {
    const folder = join(bench.folder, `${windrose.name}-${server!.target.port}`)
    const api = `http://127.0.0.1:${server!.target.port + 1}/api/v1`
    const token = readFileSync(join(folder, 'state', 'token'), 'utf8').trim()
    const call = async (method: string, path: string, body?: object): Promise<unknown> => {
      const response = await fetch(`${api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return response.status === 204 ? undefined : response.json()
    }
    const underLoad = async (make: () => Promise<void>): Promise<UnderLoad> => {
      let isDone = false
      const made = make().finally(() => {
        isDone = true
      })
      // It is looked at when the load ends.
      made.catch(() => undefined)
      const total = { sent: 0, lost: 0, skipped: 0, p999: 0 }
      while (!isDone) {
        const result = await bench.generator.run({
          target: server!.target,
          queries: STEERED.queries(world),
          sockets: 4,
          durationMs: 2000,
          seed: total.sent,
          pace: { kind: 'open', queriesPerSecond: QUERIES_PER_SECOND },
        })
        total.sent += result.sent
        total.lost += result.lost
        total.skipped += result.skipped
        total.p999 = Math.max(total.p999, result.latency.p999)
      }
      await made
      return total
    }

    // Written beforehand: writing so much is work that would take the core from the generator.
    const files = [world.sites, world.sites + 1].map((sites) => {
      const place = { folder: join(folder, `sites-${sites}`), port: server!.target.port, database: '' }
      writeWindroseFiles({ ...world, sites }, place)
      return join(place.folder, 'windrose.yaml')
    })
    bench.say(`${bench.changes} reloads of ${NAMES.toLocaleString('en')} names`)
    const reloads = await underLoad(async () => {
      for (let i = 0; i < bench.changes; i++) {
        // Another list of sites each time, so that every reload changes something.
        copyFileSync(files[(i + 1) % 2]!, join(folder, 'windrose.yaml'))
        await call('POST', '/reload')
      }
    })
    bench.say(`${bench.changes} health changes`)
    const health = await underLoad(async () => {
      for (let i = 0; i < bench.changes / 2; i++) {
        const made = (await call('POST', '/overrides', DOWN)) as { override: { id: string } }
        await pause(HEALTH_CHANGE_MS)
        await call('DELETE', `/overrides/${made.override.id}`)
        await pause(HEALTH_CHANGE_MS)
      }
    })
    const row = (what: string, { sent, lost, skipped, p999 }: UnderLoad): string[] => [
      what,
      sent.toLocaleString('en'),
      String(lost),
      skipped.toLocaleString('en'),
      (p999 / 1e6).toFixed(1),
    ]
    return {
      title: 'Changes under load',
      text: `${QUERIES_PER_SECOND.toLocaleString('en')} queries a second, ${STEERED.name}, while the configuration of ${NAMES.toLocaleString('en')} names is reloaded and
health changes. The generator has one core and the server, with all of its threads, the other. \`not sent\` are queries
that the generator skipped because it did not get its core in time.`,
      columns: ['change', 'queries', 'lost', 'not sent', 'worst p99.9 ms'],
      rows: [row(`${bench.changes} reloads`, reloads), row(`${bench.changes} health changes`, health)],
      goals: [
        {
          what: `queries lost in ${bench.changes} reloads and ${bench.changes} health changes`,
          value: reloads.lost + health.lost,
          most: 0,
          unit: '',
        },
      ],
    }
  })
}
