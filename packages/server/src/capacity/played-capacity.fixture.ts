import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decide,
  decodeShares,
  demandWeight,
  healthCell,
  type Service,
  STABILITY_MAX,
  Verdict,
} from '@windrose/steering'
import { createMemoryStore, type Store, type TargetReport } from '@windrose/store'
import { buildSnapshot, createTable } from '../build-snapshot.ts'
import { compileEverything } from '../compile/compile-everything.ts'
import { CapacityLoop, type ServedNow } from './capacity-loop.ts'

export const STEP_MS = 10_000

/**
 * A configuration with the load of its clients, played step by step: what they ask is counted as servers count it, and goes
 * where decisions send it, a third of the users in each step.
 */
export class PlayedCapacity {
  readonly folder: string
  readonly store: Store = createMemoryStore()
  readonly published: Uint8Array[] = []
  readonly refused: string[] = []
  readonly loop: CapacityLoop
  nowMs = 0
  isKeeper = true
  #served: ServedNow
  #sequence = 0
  /** By `service key`, and by `service/site`: queries and answers a second, smoothed. */
  readonly #asked = new Map<string, number>()
  readonly #answered = new Map<string, number>()
  /** By site: the queries a second of users who are there. */
  readonly felt = new Map<string, number>()
  #reports = 0

  static async open(config: string): Promise<PlayedCapacity> {
    const folder = mkdtempSync(join(tmpdir(), 'windrose-capacity-'))
    return new PlayedCapacity(folder, await PlayedCapacity.#compile(folder, config))
  }

  static async #compile(folder: string, config: string): Promise<ServedNow> {
    const database = join(__dirname, '../../../../geo-data/test.mmdb')
    writeFileSync(join(folder, 'windrose.yaml'), `geo: { databases: [${JSON.stringify(database)}] }\n${config}`)
    const compiled = await compileEverything(join(folder, 'windrose.yaml'), undefined)
    if ('refusal' in compiled) throw new Error(compiled.refusal)
    const table = createTable(compiled.configuration)
    table.health.cells.fill(healthCell(Verdict.up, 0, STABILITY_MAX))
    return { configuration: compiled.configuration, snapshot: buildSnapshot(compiled, table) }
  }

  private constructor(folder: string, served: ServedNow) {
    this.folder = folder
    this.#served = served
    this.loop = this.newLoop()
  }

  /** Serves another configuration, in which everything is up. */
  async reload(config: string): Promise<void> {
    const next = await PlayedCapacity.#compile(this.folder, config)
    this.loop.lay(next)
    this.#served = next
  }

  newLoop(isKeeper: () => boolean = () => this.isKeeper): CapacityLoop {
    return new CapacityLoop({
      served: () => this.#served,
      loads: this.store.loads,
      book: this.store.book,
      isKeeper,
      publish: (record) => this.published.push(record),
      onRefused: (problem) => this.refused.push(problem),
      now: () => this.nowMs,
    })
  }

  async close(): Promise<void> {
    this.loop.stop()
    await this.store.close()
    rmSync(this.folder, { recursive: true })
  }

  service(name: string): Service {
    return this.#served.configuration.services.find((service) => service.name === name)!
  }

  /** The keys of the classes of a service whose nearest site is this one. */
  keysNear(name: string, site: string): string[] {
    const index = this.#served.configuration.sites.findIndex((each) => each.name === site)
    const { classes } = this.#served.snapshot.maps[this.service(name).clientMap]!
    const keys = this.#keys(name)
    return keys.filter((_, number) => classes[number]!.sites[0] === index)
  }

  /** By class of a service. */
  #keys(name: string): readonly string[] {
    return this.#served.snapshot.placements[this.service(name).index]?.keys ?? []
  }

  setSite(site: string, verdict: Verdict): void {
    const index = this.#served.configuration.sites.findIndex((each) => each.name === site)
    for (const service of this.#served.configuration.services) {
      for (const pool of service.pools) {
        if (pool.site !== index) continue
        for (const endpoint of pool.endpoints) {
          this.#served.snapshot.health.cells[endpoint.index] = healthCell(verdict, 0, STABILITY_MAX)
        }
      }
    }
  }

  /** By site: the share of a class's clients that decisions send there. */
  shares(name: string, key: string): ReadonlyMap<string, number> {
    const service = this.service(name)
    const { health, maps, placements } = this.#served.snapshot
    const number = this.#keys(name).indexOf(key)
    const client = maps[service.clientMap]!.classes[number]!
    const placement = placements[service.index]
    const width = service.pools.length
    const placed =
      placement === undefined
        ? undefined
        : {
            shares: placement.shares.subarray(number * width, (number + 1) * width),
            keyLengths: placement.keyLengths[number]!,
          }
    const { variants } = decide(service, 'ipv4', client, health, placed)
    const shares = new Map<string, number>()
    for (const { endpoints, share } of variants) {
      const pool = service.pools.find((each) => each.endpoints.includes(endpoints[0]!))!
      shares.set(pool.siteName, (shares.get(pool.siteName) ?? 0) + share)
    }
    return shares
  }

  /** What is placed, as exact shares; undefined where the policy decides. */
  placedShares(name: string, key: string): ReadonlyMap<string, number> | undefined {
    const row = this.loop.placed.get(name)?.classes.get(key)?.shares
    if (row === undefined) return undefined
    const shares = decodeShares(Uint16Array.from(row.values()))!
    return new Map([...row.keys()].map((site, i) => [site, shares[i]!]))
  }

  /** One interval of so many queries a second by service and class; `isSteady`: as if it had been so for long. */
  ask(demand: ReadonlyMap<string, ReadonlyMap<string, number>>, isSteady = false): void {
    this.nowMs += STEP_MS
    const weight = isSteady ? 1 : demandWeight(STEP_MS)
    const smooth = (known: Map<string, number>, counted: ReadonlyMap<string, number>): void => {
      for (const name of new Set([...known.keys(), ...counted.keys()])) {
        const before = known.get(name) ?? counted.get(name) ?? 0
        known.set(name, before + ((counted.get(name) ?? 0) - before) * weight)
      }
    }
    const asked = new Map<string, number>()
    const answered = new Map<string, number>()
    const bySite = new Map<string, number>()
    for (const [service, classes] of demand) {
      for (const [key, queries] of classes) {
        asked.set(`${service} ${key}`, queries)
        for (const [site, share] of this.shares(service, key)) {
          const pool = `${service}/${site}`
          answered.set(pool, (answered.get(pool) ?? 0) + share * queries)
          bySite.set(site, (bySite.get(site) ?? 0) + share * queries)
        }
      }
    }
    smooth(this.#asked, asked)
    smooth(this.#answered, answered)
    for (const { name } of this.#served.configuration.sites) {
      const before = this.felt.get(name) ?? 0
      this.felt.set(name, before + ((bySite.get(name) ?? 0) - before) * (isSteady ? 1 : 1 / 3))
    }
    this.store.loads.note({
      server: 'one',
      incarnation: 1,
      sequence: ++this.#sequence,
      upMs: this.nowMs,
      pools: [...this.#answered].map(([pool, smoothed]) => {
        const [service = '', site = ''] = pool.split('/')
        return { service, site, answers: 0, perSecond: smoothed, smoothed }
      }),
      classes: [...this.#asked].flatMap(([name, smoothed]) => {
        const [service = '', key = ''] = name.split(' ')
        return smoothed > 1e-3 ? [{ service, key, smoothed }] : []
      }),
    })
  }

  /** An agent says the loads of sites, to which each endpoint adds alike. */
  async report(loads: ReadonlyMap<string, number | string>, agent = 'prober'): Promise<void> {
    const incarnation = 1
    if (this.#reports++ === 0) await this.store.enroll(agent, 0)
    const reports = this.#served.configuration.sites.flatMap(({ name, capacity }): TargetReport[] => {
      const said = loads.get(name)
      if (said === undefined || capacity?.reported === undefined) return []
      const { targets } = capacity.reported
      const load = typeof said === 'number' ? { figure: said / targets.length } : { problem: said }
      const common = { verdict: Verdict.up, since: 0, stability: 0, reason: 'status 200', load }
      return targets.map(({ id }) => ({ target: id, ...common }))
    })
    await this.store.publishWhole({ agent, incarnation, sequence: this.#reports, at: 0, reports, dropped: [] })
    const lease = { agent, vantage: 'lab', incarnation, sequence: this.#reports, beat: this.#reports, ttlMs: 600_000 }
    await this.store.renew({ ...lease, isolated: false, targets: 1, version: '' })
  }
}
