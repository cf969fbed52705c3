import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  containsAddress,
  isSpecialPurpose,
  maskAddress,
  type Prefix,
  printPrefix,
  readPrefix,
  SPECIAL_PURPOSE,
} from '@windrose/ip'
import { type Gdnsd, startGdnsd } from '../support/gdnsd.ts'
import { seededRandom } from '../support/mutations.ts'
import { eventually, windrose } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { statusOf } from '../support/status.ts'
import { type Answered, UdpClient } from '../support/udp-client.ts'
import { FINE_NETWORKS } from './clients-database.ts'
import { gdnsdFiles, isFull, NETWORKS, OTHER_NAMES, STATIC_NAMES } from './gdnsd-world.ts'
import { addressesOf, downAddresses, type Family, FORCED, SITES, STATES } from './health-states.ts'

// On an idle machine the whole takes a third of a minute.
jest.setTimeout(300_000)

const CLIENTS = 20_000
const NAMES = ['geo', 'near', 'fail', 'nest'] as const

/** One question to a replica of a service. */
interface Probe {
  readonly state: number
  readonly service: (typeof NAMES)[number]
  readonly family: Family
  /** The client subnet. */
  readonly subnet: string
}

/**
 * What windrose means to do in another way, each with a proof that it is this and nothing else: another gdnsd, whose
 * configuration has the difference in it, or the states themselves.
 */
const DIFFERENCES = [
  'each family is judged by its own endpoints',
  'where every pool failed, the first one that has anything up serves, not the first one',
  'what is forced down is never served, also when all else is down',
  'a client of whom only the country is known is in the middle of it, not nowhere',
  'a special-purpose client that no network names is placed by its resolver',
] as const
type Difference = (typeof DIFFERENCES)[number]

describe('a configuration of gdnsd, imported,', () => {
  let gdnsd: Gdnsd
  /** The families of each resource are resources of their own. */
  let apart: Gdnsd
  /** The same, and pools fail only when nothing of them is up. */
  let anyUp: Gdnsd
  /** Families apart, and clients of whom the country is known are placed; so are they for `anyUp`. */
  let placed: Gdnsd
  let server: TestServer
  const down = downAddresses(seededRandom(2024))
  const clients: UdpClient[] = []
  const clientOf = ({ port }: { port: number }): UdpClient => {
    const client = new UdpClient('127.0.0.1', port)
    clients.push(client)
    return client
  }
  let ours: UdpClient
  let theirs: UdpClient
  let theirsApart: UdpClient
  let theirsAnyUp: UdpClient
  let theirsPlaced: UdpClient

  beforeAll(async () => {
    ;[gdnsd, apart, anyUp, placed] = await Promise.all([
      startGdnsd(gdnsdFiles('whole'), 'geo-0.example.com'),
      startGdnsd(gdnsdFiles('apart'), 'geo-0-4.example.com'),
      startGdnsd(gdnsdFiles('any-up', true), 'geo-0-4.example.com'),
      startGdnsd(gdnsdFiles('apart', true), 'geo-0-4.example.com'),
    ])
    server = await startServer(await importFrom(gdnsd.folder), { early: true })
    await tellStates(server)
    ours = clientOf(server)
    theirs = clientOf(gdnsd)
    theirsApart = clientOf(apart)
    theirsAnyUp = clientOf(anyUp)
    theirsPlaced = clientOf(placed)
  })

  afterAll(async () => {
    for (const client of clients) client.close()
    await Promise.all([gdnsd, apart, anyUp, placed].map((one) => one?.stop()))
    if (server !== undefined) expect(await server.stop()).toBe(0)
  })

  /** The files that `windrose import` makes; what is left out is what it says of every gdnsd. */
  async function importFrom(folder: string): Promise<Record<string, string>> {
    const out = join(mkdtempSync(join(tmpdir(), 'windrose-imported-')), 'out')
    const { code, output } = await windrose('import', 'gdnsd', folder, '--out', out)
    expect(
      output
        .match(/^\S+: (?:warning: )?(?:left out|changed|unreadable|to do): [^:]*/gm)
        ?.map((line) => line.replace(/^\S+: /, '')),
    ).toEqual([
      'left out: tcp_threads => 1',
      `left out: run_dir => ${shorten(`${folder}/run`)}`,
      `left out: state_dir => ${shorten(`${folder}/state`)}`,
      'warning: changed: service type state, plugin extfile, file states',
    ])
    expect(code).toBe(1)
    const files = { 'windrose.yaml': '', ...readFolder(out) }
    rmSync(join(out, '..'), { recursive: true })
    return { ...files, 'windrose.yaml': files['windrose.yaml'].replace(/^listen: .*\n/m, '') }
  }

  function shorten(text: string): string {
    return text.length > 40 ? `${text.slice(0, 40)}...` : text
  }

  function readFolder(folder: string): Record<string, string> {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return Object.fromEntries(
      names.filter((name) => /\.\w+$/.test(name)).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    )
  }

  /** Pushes every state, forces some, and waits until all of it counts. */
  async function tellStates({ folder, api }: TestServer): Promise<void> {
    const token = readFileSync(join(folder, 'state/token'), 'utf8').trim()
    const send = async (method: string, path: string, body: unknown): Promise<void> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(`${api}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    }
    const all = SITES.flatMap((site) =>
      Array.from({ length: STATES }, (_, state) =>
        ([4, 6] as const).flatMap((family) => addressesOf(state, site, family)),
      ).flat(),
    )
    for (let at = 0; at < all.length; at += 50) {
      await Promise.all(
        all
          .slice(at, at + 50)
          .map((address) => send('PUT', `push/state/${address}`, { status: down.has(address) ? 'critical' : 'ok' })),
      )
    }
    for (const { target, action } of FORCED)
      await send('POST', 'overrides', { target, action, reason: 'test', author: 'test' })
    await eventually(
      async () =>
        (await statusOf(server)).endpoints.filter(({ id, verdict }) => !isAsTold(id, verdict)).map(({ id }) => id),
      (late) => late.length === 0,
    )
  }

  function isAsTold(id: string, verdict: string): boolean {
    const [service, site, address] = id.split('/')
    if (FORCED.some(({ target }) => target === `${service}/${site}`)) return true
    return verdict === (down.has(address!) ? 'down' : 'up')
  }

  const random = seededRandom(7)
  const below = (limit: number): number => Math.floor(random() * limit)
  const nameOf = ({ service, state }: Probe, suffix = ''): string => `${service}-${state}${suffix}.example.com`
  const questionOf = (probe: Probe, suffix = '') => ({
    name: nameOf(probe, suffix),
    type: probe.family === 4 ? ('A' as const) : ('AAAA' as const),
    subnet: probe.subnet,
  })

  /** A client of the address space that registries have given out, named by its prefix or by its address. */
  function randomClient(): string {
    for (;;) {
      const isIpv4 = random() < 0.5
      const address = Uint8Array.from({ length: isIpv4 ? 4 : 16 }, () => below(256))
      if (!isIpv4) {
        address[0] = [0x20, 0x24, 0x26, 0x28, 0x2a, 0x2c][below(6)]!
        address[1] = address[0] === 0x20 ? 0x01 : below(16)
      }
      if (isSpecialPurpose(address) || isFine(address)) continue
      const length = random() < 0.5 ? (isIpv4 ? 24 : 56) : address.length * 8
      return printPrefix({ address: maskAddress(address, length), length })
    }
  }

  function isFine(address: Uint8Array): boolean {
    return FINE_NETWORKS.some((network) => {
      const { prefix } = readPrefix(network)!
      return String(maskAddress(prefix.address, 24)) === String(maskAddress(address, 24))
    })
  }

  /** A client inside the networks that the map lists, among them private ones. */
  function listedClient(): string {
    const { prefix } = readPrefix(NETWORKS[below(NETWORKS.length)]![0])!
    const address = neighbourOf(prefix.address, prefix.length)
    return printPrefix({ address, length: address.length * 8 })
  }

  function neighbourOf(address: Uint8Array, scope: number): Uint8Array {
    return address.map((own, i) => {
      const mask = (0xff00 >>> Math.min(8, Math.max(0, scope - 8 * i))) & 0xff
      return (own & mask) | (below(256) & ~mask & 0xff)
    })
  }

  function randomProbe(client: () => string): Probe {
    const state = below(STATES)
    const service = NAMES[below(isFull(state) ? NAMES.length : 2)]!
    return { state, service, family: random() < 0.5 ? 4 : 6, subnet: client() }
  }

  /** Which of the intended differences this is, proven; undefined for none of them. */
  async function explain(probe: Probe, our: Answered): Promise<Difference | undefined> {
    const suffix = `-${probe.family}`
    if (isSpecialPurpose(readPrefix(probe.subnet)!.prefix.address)) {
      const unplaced = await ours.ask({ ...questionOf(probe), subnet: '127.0.0.1/32' })
      if (unplaced?.addresses === our.addresses && probe.service === 'near') return DIFFERENCES[4]
    }
    const [byFamily, byAnyUp, byPlace] = await Promise.all([
      theirsApart.ask(questionOf(probe, suffix)),
      theirsAnyUp.ask(questionOf(probe, suffix)),
      theirsPlaced.ask(questionOf(probe, suffix)),
    ])
    if (byFamily?.addresses === our.addresses) return DIFFERENCES[0]
    if (byPlace?.addresses === our.addresses) return DIFFERENCES[3]
    const first = siteOf(byAnyUp?.addresses)
    const pool = SITES.flatMap((site) => (site === first ? addressesOf(probe.state, site, probe.family) : []))
    if (our.addresses === pool.sort().join(' ') && pool.some((address) => !down.has(address))) return DIFFERENCES[1]
    const forced = FORCED.filter(
      ({ target, action }) => action === 'down' && target.startsWith(`${probe.service}-${probe.state}/`),
    )
    const isForced = (addresses: string): boolean =>
      forced.some(({ target }) => siteOf(addresses) === target.split('/')[1])
    if (isForced(byFamily?.addresses ?? '') && !isForced(our.addresses)) return DIFFERENCES[2]
    return undefined
  }

  /** The site that all addresses of an answer are of. */
  function siteOf(addresses = ''): string | undefined {
    const [first = ''] = addresses.split(' ')
    const number = first.includes(':') ? Number(first.split(':')[3]) : Math.floor(Number(first.split('.')[3]) / 16)
    return SITES[number - 1]
  }

  interface Compared {
    readonly probe: Probe
    readonly our: Answered
    readonly their: Answered
  }

  async function compare(probes: readonly Probe[]): Promise<Compared[]> {
    const questions = probes.map((probe) => questionOf(probe))
    const [our, their] = await Promise.all([ours.askAll(questions, 64), theirs.askAll(questions, 64)])
    const compared = probes.flatMap((probe, i) => (our[i] && their[i] ? [{ probe, our: our[i], their: their[i] }] : []))
    expect(compared).toHaveLength(probes.length)
    return compared
  }

  /** Runs over a list, some at the same time, and gives the results in order. */
  async function mapAll<T, R>(list: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
    const results: R[] = []
    for (let at = 0; at < list.length; at += 32) results.push(...(await Promise.all(list.slice(at, at + 32).map(map))))
    return results
  }

  let compared: readonly Compared[] = []

  test(`answers ${CLIENTS} clients in ${STATES} states of health as gdnsd does, but for what is listed`, async () => {
    const probes = Array.from({ length: CLIENTS }, (_, i) => randomProbe(i % 20 === 0 ? listedClient : randomClient))
    compared = await compare(probes)
    const different = compared.filter(
      ({ our, their }) => our.rcode !== their.rcode || our.addresses !== their.addresses,
    )
    const found = await mapAll(different, async (one) => ({ ...one, difference: await explain(one.probe, one.our) }))
    const wrong = found.filter(({ difference }) => difference === undefined)
    expect(
      wrong.slice(0, 10).map(({ probe, our, their }) => ({ probe, our: our.addresses, gdnsd: their.addresses })),
    ).toEqual([])
    // A difference that is never seen should not be listed, and most answers must be the same without an excuse.
    expect([...new Set(found.map(({ difference }) => difference))].sort()).toEqual([...DIFFERENCES].sort())
    expect(compared.length - different.length).toBeGreaterThan(0.75 * CLIENTS)
    for (const { our, their } of compared) {
      for (const { message } of [our, their]) {
        for (const { ttl } of message.answers) expect(ttl >= 10 && ttl <= 300).toBe(true)
      }
    }
  })

  test('has scopes that hold for every client in them', async () => {
    const neighbours = compared.map(({ probe, our }) => {
      const { address } = readPrefix(probe.subnet)!.prefix
      const neighbour = neighbourOf(address, our.scope ?? 0)
      return { ...probe, subnet: printPrefix({ address: neighbour, length: neighbour.length * 8 }) }
    })
    const answers = await ours.askAll(
      neighbours.map((probe) => questionOf(probe)),
      64,
    )
    const wrong = compared.filter(({ our }, i) => answers[i]?.addresses !== our.addresses)
    expect(wrong.map(({ probe, our }) => ({ probe, scope: our.scope })).slice(0, 10)).toEqual([])
  })

  test("has gdnsd's scopes where the maps are the same", async () => {
    const different = compared.filter(({ probe, our, their }) => probe.service !== 'nest' && our.scope !== their.scope)
    const wrong = await mapAll(different, async ({ probe, our }) => {
      // With the countries placed alike, the maps by distance are the same too.
      const their = await theirsPlaced.ask(questionOf(probe, `-${probe.family}`))
      return isScopeExpected(probe.subnet, our.scope ?? -1, their?.scope ?? -1)
        ? []
        : [{ probe, our: our.scope, gdnsd: their?.scope }]
    })
    expect(wrong.flat().slice(0, 10)).toEqual([])
    expect(different.length).toBeLessThan(0.05 * CLIENTS)
  })

  /**
   * Scopes that are meant to differ: wider than gdnsd's where networks below a /24 are not told apart, narrower where
   * special-purpose networks are, which have their resolver's place.
   */
  function isScopeExpected(subnet: string, our: number, their: number): boolean {
    const { address } = readPrefix(subnet)!.prefix
    const holdsAny = (length: number, networks: readonly Prefix[]): boolean => {
      const whole: Prefix = { address: maskAddress(address, length), length }
      return networks.some((network) => containsAddress(whole, network.address) || containsAddress(network, address))
    }
    if (our === their) return true
    const fine = FINE_NETWORKS.map((network) => readPrefix(network)!.prefix)
    return our < their ? holdsAny(our, fine) : holdsAny(their, SPECIAL_PURPOSE)
  }

  test('tells clients of one /24 apart only where a network is listed', async () => {
    const probes = FINE_NETWORKS.flatMap((network) =>
      (['geo', 'near'] as const).flatMap((service) =>
        Array.from({ length: 20 }, (): Probe => {
          const { address } = readPrefix(network)!.prefix
          return {
            state: 0,
            service,
            family: 4,
            subnet: printPrefix({ address: neighbourOf(address, 24), length: 32 }),
          }
        }),
      ),
    )
    const fine = await compare(probes)
    // All of a /24 have the answer that gdnsd gives to some of it.
    for (const { probe, our } of fine) {
      const parts = Array.from({ length: 64 }, (_, i) => ({
        ...questionOf(probe),
        subnet: partOf(probe.subnet, 4 * i),
      }))
      const [whole, some] = await Promise.all([ours.askAll(parts, 64), theirs.askAll(parts, 64)])
      expect(new Set(whole.map((one) => one?.addresses))).toEqual(new Set([our.addresses]))
      expect(some.map((one) => one?.addresses)).toContain(our.addresses)
    }
    expect(fine.some(({ our, their }) => our.addresses !== their.addresses)).toBe(true)
  })

  function partOf(subnet: string, last: number): string {
    const { address } = readPrefix(subnet)!.prefix
    return printPrefix({ address: Uint8Array.from([...address.subarray(0, 3), last]), length: 32 })
  }

  describe('compared by windrose diff-answers', () => {
    const diff = (...args: string[]) => {
      const servers = ['--server', `127.0.0.1:${server.port}`, '--against', `127.0.0.1:${gdnsd.port}`]
      return windrose('diff-answers', ...servers, ...args)
    }

    test('answers alike; of what is pushed the TTL is the least, as a push may come at any time', async () => {
      const { code, output } = await diff('--names', 'geo-0.example.com', '--clients', '1500', '--json')
      expect(JSON.parse(output)).toMatchObject({ queries: 3000, byKind: { lost: 0, rcode: 0, answers: 0, ttl: 2 } })
      expect(code).toBe(1)
      const without = await diff('--names', 'geo-0.example.com', '--clients', '500', '--ignore', 'ttl', 'scope')
      expect(without.output).toMatch(/^1000 questions, 1000 answered alike, 0 not/)
      expect(without.code).toBe(0)
    })

    test('answers alike where addresses and names are drawn, and where nothing is steered', async () => {
      const drawn = await diff('--names', ...OTHER_NAMES, '--clients', '100', '--ignore', 'scope')
      expect(drawn).toMatchObject({ code: 0, output: expect.stringMatching(/ questions, (\d+) answered alike, 0 not/) })
      const fixed = await diff('--names', ...STATIC_NAMES, '--types', 'A', 'TXT', 'MX', 'ANY', 'SOA', '--clients', '0')
      expect(fixed).toMatchObject({ code: 0, output: expect.stringMatching(/ questions, (\d+) answered alike, 0 not/) })
    })

    test('answers another way in a state where it means to', async () => {
      const { code, output } = await diff('--names', 'geo-9.example.com', '--clients', '400')
      expect(output).toMatch(/questions with different answers\nNAME +TYPE +CLIENT +SERVER +AGAINST\n/)
      expect(code).toBe(1)
    })
  })
})
