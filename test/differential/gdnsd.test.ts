import { EMBEDDING_PREFIXES, isSpecialPurpose, maskAddress, printPrefix, readPrefix } from '@windrose/ip'
import { type Gdnsd, startGdnsd } from '../support/gdnsd.ts'
import { seededRandom } from '../support/mutations.ts'
import { type Answered, type Question, UdpClient } from '../support/udp-client.ts'
import { FINE_BLOCKS } from './clients-database.ts'
import { gdnsdFiles, isFull, NETWORKS, SPECIAL_NETWORKS } from './gdnsd-world.ts'
import { type Family, STATES } from './health-states.ts'
import { type ImportedWorld, startImportedWorld } from './imported-world.ts'
import { DIFFERENCES, type Difference, MAPS_ALIKE } from './intended-differences.ts'

// On an idle machine the whole takes a third of a minute.
jest.setTimeout(300_000)

/** Anywhere in the space that registries give out; a fifth as many are in networks that the configuration treats apart. */
const RANDOM_CLIENTS = 20_000
const CHOSEN_CLIENTS = 4000
const SERVICES = ['geo', 'near', 'fail', 'nest'] as const
const CARRIERS = EMBEDDING_PREFIXES.map(printPrefix)
/** Questions that are asked at the same time. */
const WINDOW = 64

/** One question to a replica of a service. */
interface Probe {
  readonly state: number
  readonly service: (typeof SERVICES)[number]
  readonly family: Family
  /** The client subnet. */
  readonly subnet: string
}

interface Compared {
  readonly probe: Probe
  readonly our: Answered
  readonly their: Answered
}

describe('a configuration of gdnsd, imported,', () => {
  let world: ImportedWorld
  /** The n-th has the first n intended differences in its configuration. */
  let altered: readonly Gdnsd[] = []
  const clients: UdpClient[] = []
  let ours: UdpClient
  /** Of gdnsd as it is, then of those that are altered. */
  let theirs: UdpClient[] = []
  let compared: readonly Compared[] = []

  beforeAll(async () => {
    const starting = DIFFERENCES.map((_, i) => startGdnsd(gdnsdFiles(DIFFERENCES.slice(0, i + 1)), 'geo-0-4.example.com'))
    ;[world, altered] = await Promise.all([startImportedWorld(), Promise.all(starting)])
    const clientOf = ({ port }: { port: number }): UdpClient => {
      const client = new UdpClient('127.0.0.1', port)
      clients.push(client)
      return client
    }
    ours = clientOf(world.server)
    theirs = [world.gdnsd, ...altered].map(clientOf)
  })

  afterAll(async () => {
    for (const client of clients) client.close()
    await Promise.all([world?.stop(), ...altered.map((one) => one.stop())])
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
    const [our, their] = await Promise.all([askAll(ours, probes), askAll(theirs[0]!, probes)])
    compared = probes.map((probe, i) => ({ probe, our: our[i]!, their: their[i]! }))
    const { unexplained, counts } = await explainDifferences()
    expect(
      unexplained.slice(0, 10).map(({ probe, our, their }) => ({ probe, our: our.addresses, gdnsd: their.addresses })),
    ).toEqual([])
    console.info(unexplained.length, counts)
    // A difference that is never seen should not be listed.
    expect([...counts.values()]).not.toContain(0)
    for (const { our, their } of compared) {
      for (const { message } of [our, their])
        for (const { ttl } of message.answers) expect(ttl >= 10 && ttl <= 300).toBe(true)
    }
  })

  /**
   * Where the answers differ, the gdnsd with one more intended difference is asked, and so on: the one that answers as
   * windrose does shows which difference it was that made it so.
   */
  async function explainDifferences(): Promise<{ unexplained: readonly Compared[]; counts: Map<Difference, number> }> {
    const counts = new Map<Difference, number>()
    let unexplained = compared.filter(({ our, their }) => !isSameAnswer(our, their))
    for (const [i, difference] of DIFFERENCES.entries()) {
      const answers = await askAll(
        theirs[i + 1]!,
        unexplained.map(({ probe }) => probe),
        ({ family }) => `-${family}`,
      )
      const still = unexplained.filter(({ our }, j) => !isSameAnswer(our, answers[j]!))
      counts.set(difference, unexplained.length - still.length)
      unexplained = still
    }
    return { unexplained, counts }
  }

  test('has scopes that hold for every client in them', async () => {
    const neighbours = compared.map(({ probe, our }) => {
      const address = neighbourOf(readPrefix(probe.subnet)!.prefix.address, our.scope!)
      return { ...probe, subnet: printPrefix({ address, length: address.length * 8 }) }
    })
    const answers = await askAll(ours, neighbours)
    const wrong = compared.filter(({ our }, i) => !isSameAnswer(our, answers[i]!))
    expect(wrong.slice(0, 10).map(({ probe, our }) => ({ probe, scope: our.scope }))).toEqual([])
  })

  test('has the scopes of a gdnsd with the same maps', async () => {
    // Where the service in a service failed, gdnsd says of the backup that it is everybody's; windrose, that it is for whom
    // that service failed. So the inner one is asked.
    const inner = compared.map(({ probe }) => (probe.service === 'nest' ? { ...probe, service: 'geo' as const } : probe))
    const answers = await askAll(theirs[MAPS_ALIKE]!, inner, ({ family }) => `-${family}`)
    const wrong = compared.flatMap(({ probe, our }, i) =>
      our.scope === answers[i]!.scope ? [] : [{ probe, our: our.scope, gdnsd: answers[i]!.scope }],
    )
    expect(wrong.slice(0, 10)).toEqual([])
    console.info(wrong.length)
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

async function askAll(
  client: UdpClient,
  probes: readonly Probe[],
  suffixOf: (probe: Probe) => string = () => '',
): Promise<Answered[]> {
  const questions = probes.map((probe): Question => {
    const name = `${probe.service}-${probe.state}${suffixOf(probe)}.example.com`
    return { name, type: probe.family === 4 ? 'A' : 'AAAA', subnet: probe.subnet }
  })
  const answers = await client.askAll(questions, WINDOW)
  expect(answers.filter((answer) => answer === undefined)).toEqual([])
  return answers as Answered[]
}

function isSameAnswer(one: Answered, other: Answered): boolean {
  return one.rcode === other.rcode && one.addresses === other.addresses
}
