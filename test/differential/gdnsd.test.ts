import { EMBEDDING_PREFIXES, isSpecialPurpose, maskAddress, printPrefix, readPrefix } from '@windrose/ip'
import { seededRandom } from '../support/mutations.ts'
import { windrose } from '../support/processes.ts'
import { UdpClient } from '../support/udp-client.ts'
import { AlteredGdnsds } from './altered-gdnsds.ts'
import { FINE_BLOCKS } from './clients-database.ts'
import { isFull, NETWORKS, OTHER_NAMES, SPECIAL_NETWORKS, STATIC_NAMES } from './gdnsd-world.ts'
import { STATES } from './health-states.ts'
import { type ImportedWorld, startImportedWorld } from './imported-world.ts'
import { type Answer, askAll, type Compared, isSameAnswer, type Probe, SERVICES } from './probe.ts'

// On an idle machine the whole takes half a minute.
jest.setTimeout(300_000)

/** Anywhere in the space that registries give out; a fifth as many are in networks that the configuration treats apart. */
const RANDOM_CLIENTS = 20_000
const CHOSEN_CLIENTS = 4000
const CARRIERS = EMBEDDING_PREFIXES.map(printPrefix)

describe('a configuration of gdnsd, imported,', () => {
  let world: ImportedWorld
  let altered: AlteredGdnsds
  let ours: UdpClient
  let theirs: UdpClient
  let compared: readonly Compared[] = []

  beforeAll(async () => {
    ;[world, altered] = await Promise.all([startImportedWorld(), AlteredGdnsds.start()])
    ours = new UdpClient('127.0.0.1', world.server.port)
    theirs = new UdpClient('127.0.0.1', world.gdnsd.port)
  })

  afterAll(async () => {
    for (const client of [ours, theirs]) client?.close()
    await Promise.all([world?.stop(), altered?.stop()])
  })

  test('is told what it cannot say again', () => {
    expect(world.findings).toEqual([
      'left out: tcp_threads => 1',
      'left out: run_dir => FOLDER/run',
      'left out: state_dir => FOLDER/state',
      'changed: service type state, plugin extfile, file states',
    ])
  })

  test(`answers ${RANDOM_CLIENTS} random clients in ${STATES} states of health as gdnsd does, but for what is listed`, async () => {
    const probes = [
      ...Array.from({ length: RANDOM_CLIENTS }, () => probeBy(randomClient)),
      ...Array.from({ length: CHOSEN_CLIENTS }, () => probeBy(chosenClient)),
    ]
    const [our, their] = await Promise.all([askAll(ours, probes), askAll(theirs, probes)])
    compared = probes.map((probe, i) => ({ probe, our: our[i]! }))
    const different = compared.filter(({ our }, i) => !isSameAnswer(our, their[i]!))
    const { unexplained, counts } = await altered.explain(different)
    expect(unexplained.slice(0, 10)).toEqual([])
    // A difference that is never seen should not be listed.
    expect([...counts].filter(([, count]) => count === 0)).toEqual([])
    const isOutOfBounds = ({ ttls }: Answer): boolean => ttls.some((ttl) => ttl < 10 || ttl > 300)
    expect([...our, ...their].filter(isOutOfBounds)).toEqual([])
  })

  test('has scopes that hold for every client in them', async () => {
    const neighbours = compared.map(({ probe, our }) => {
      const address = neighbourOf(readPrefix(probe.subnet)!.prefix.address, our.scope!)
      return { ...probe, subnet: printPrefix({ address, length: address.length * 8 }) }
    })
    const answers = await askAll(ours, neighbours)
    const wrong = compared.filter(({ our }, i) => !isSameAnswer(our, answers[i]!))
    expect(wrong.slice(0, 10)).toEqual([])
  })

  test('has the scopes of a gdnsd with the same maps', async () => {
    const scopes = await altered.scopes(compared.map(({ probe }) => probe))
    const wrong = compared.flatMap((one, i) => (one.our.scope === scopes[i] ? [] : [{ ...one, gdnsd: scopes[i] }]))
    expect(wrong.slice(0, 10)).toEqual([])
  })

  describe('compared by windrose diff-answers', () => {
    const diff = (...args: string[]) => {
      const servers = ['--server', `127.0.0.1:${world.server.port}`, '--against', `127.0.0.1:${world.gdnsd.port}`]
      return windrose('diff-answers', ...servers, '--rate', '100000', ...args)
    }

    test('answers alike in every state, but for what is listed', async () => {
      const names = Array.from({ length: STATES }, (_, state) =>
        (isFull(state) ? SERVICES : (['geo', 'near'] as const)).map((service) => `${service}-${state}.example.com`),
      ).flat()
      const { output } = await diff('--names', ...names, '--clients', '10', '--examples', '100000', '--json')
      const { queries, byKind, examples } = JSON.parse(output) as DiffReport
      expect(queries).toBe(names.length * 2 * 10)
      expect(byKind).toMatchObject({ lost: 0, rcode: 0 })
      const wholly = examples.filter(({ kind }) => kind === 'answers').map(asCompared)
      expect((await altered.explain(wholly)).unexplained).toEqual([])
      const inScope = examples.filter(({ kind }) => kind === 'scope').map(asCompared)
      expect(await altered.scopes(inScope.map(({ probe }) => probe))).toEqual(inScope.map(({ our }) => our.scope))
    })

    test('answers alike where nothing is down; of what is pushed the TTL is the least, as a push may come at any time', async () => {
      const { code, output } = await diff('--names', 'geo-0.example.com', '--clients', '500', '--json')
      expect(JSON.parse(output)).toMatchObject({ queries: 1000, byKind: { lost: 0, rcode: 0, answers: 0, ttl: 2 } })
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
  })

  const random = seededRandom(7)
  const below = (limit: number): number => Math.floor(random() * limit)

  function probeBy(client: () => string): Probe {
    const state = below(STATES)
    const service = SERVICES[below(isFull(state) ? SERVICES.length : 2)]!
    return { state, service, family: random() < 0.5 ? 4 : 6, subnet: client() }
  }

  /** A client of the address space that registries have given out, named by its prefix or by its address. */
  function randomClient(): string {
    for (;;) {
      const isIpv4 = random() < 0.5
      const address = Uint8Array.from({ length: isIpv4 ? 4 : 16 }, () => below(256))
      if (!isIpv4) {
        address[0] = [0x20, 0x24, 0x26, 0x28, 0x2a, 0x2c][below(6)]!
        address[1] = address[0] === 0x20 ? 0x01 : below(16)
      }
      if (isSpecialPurpose(address)) continue
      const length = random() < 0.5 ? (isIpv4 ? 24 : 56) : address.length * 8
      return printPrefix({ address: maskAddress(address, length), length })
    }
  }

  /**
   * A client of a network that the maps list, of a special-purpose one, of a block that the database divides, or one whose
   * IPv6 address carries an IPv4 address.
   */
  function chosenClient(): string {
    const networks = [NETWORKS.map(([network]) => network), SPECIAL_NETWORKS, FINE_BLOCKS, CARRIERS][below(4)]!
    const { address, length } = readPrefix(networks[below(networks.length)]!)!.prefix
    const client = neighbourOf(address, length)
    return printPrefix({ address: client, length: client.length * 8 })
  }

  /** Another address under the same prefix. */
  function neighbourOf(address: Uint8Array, length: number): Uint8Array {
    return address.map((own, i) => {
      const mask = (0xff00 >>> Math.min(8, Math.max(0, length - 8 * i))) & 0xff
      return (own & mask) | (below(256) & ~mask & 0xff)
    })
  }
})

/** What `windrose diff-answers --json` says, as far as it is looked at. */
interface DiffReport {
  readonly queries: number
  readonly byKind: Readonly<Record<string, number>>
  readonly examples: readonly DiffExample[]
}

interface DiffExample {
  readonly kind: string
  readonly name: string
  readonly type: string
  readonly client: string
  readonly server: { readonly answers: readonly string[]; readonly scopes: readonly number[] }
}

function asCompared({ name, type, client, server }: DiffExample): Compared {
  const [service, state] = name.slice(0, name.indexOf('.')).split('-') as [Probe['service'], string]
  return {
    probe: { state: Number(state), service, family: type === 'A' ? 4 : 6, subnet: client },
    our: { rcode: 0, addresses: [...server.answers].sort().join(' '), scope: server.scopes[0], ttls: [] },
  }
}
