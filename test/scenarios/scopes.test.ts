import { isSpecialPurpose, maskAddress, printAddress, printPrefix, readAddress } from '@windrose/ip'
import { seededRandom } from '../support/mutations.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type Answered, UdpClient } from '../support/udp-client.ts'
import { FILES, FRANKFURT, SINGAPORE, THREE_SITES } from '../support/zone.ts'

jest.setTimeout(60_000)

const PINNED = '198.41.0.4'
const CLIENTS = 150
const NEIGHBOURS = 6

describe.each(['mmsg', 'dgram'] as const)('the scope of an answer, moved by %s,', (transport) => {
  let server: TestServer
  let client: UdpClient

  beforeAll(async () => {
    const geo = `geo: { overrides: [{ prefix: ${PINNED}/32, sites: [sin] }, { prefix: 198.41.0.0/24, sites: [fra] }] }\n`
    server = await startServer({ ...FILES, 'windrose.yaml': THREE_SITES + geo }, { transport })
    client = new UdpClient('127.0.0.1', server.port)
  })

  afterAll(async () => {
    client.close()
    expect(await server.stop()).toBe(0)
  })

  const random = seededRandom(1234)
  const octet = (): number => Math.floor(random() * 256)

  /** Half anywhere, half in the space that registries have given out for IPv6 (2000::/3 is nearly empty). */
  function randomClient(family: 4 | 6): Uint8Array {
    for (;;) {
      const address = Uint8Array.from({ length: family === 4 ? 4 : 16 }, octet)
      if (family === 6) {
        address[0] = [0x20, 0x24, 0x26, 0x28, 0x2a][octet() % 5]!
        address[1] = octet() & (address[0] === 0x20 ? 0x01 : 0x0f)
      }
      if (!isSpecialPurpose(address)) return address
    }
  }

  function randomNeighbour(address: Uint8Array, scope: number): Uint8Array {
    return address.map((own, i) => {
      const kept = Math.min(8, Math.max(0, scope - 8 * i))
      const mask = (0xff00 >>> kept) & 0xff
      return (own & mask) | (octet() & ~mask & 0xff)
    })
  }

  const subnetOf = (address: Uint8Array, length: number): string =>
    printPrefix({ address: maskAddress(address, length), length })
  const ask = (address: Uint8Array, length: number, type: 'A' | 'AAAA' = 'A') => ({
    name: 'www.gslb.example',
    type,
    subnet: subnetOf(address, length),
  })

  test.each([4, 6] as const)('every client in the scope is answered alike (IPv%i)', async (family) => {
    const whole = family === 4 ? 32 : 128
    const clients = Array.from({ length: CLIENTS }, () => randomClient(family))
    const answers = await client.askAll(clients.map((address) => ask(address, whole)))
    const wrong: string[] = []
    const sets = new Set<string>()
    const neighbours = clients.flatMap((address, i) => {
      const { scope = -1, rcode, addresses } = answers[i] ?? ({ rcode: -1, addresses: '' } as Answered)
      if (rcode !== 0 || addresses === '') wrong.push(`${printAddress(address)}: rcode ${rcode}`)
      if (scope < 1 || scope > whole) wrong.push(`${printAddress(address)}: scope ${scope}`)
      sets.add(addresses)
      return Array.from({ length: NEIGHBOURS }, () => ({ address: randomNeighbour(address, scope), scope, addresses }))
    })
    const theirs = await client.askAll(neighbours.map(({ address }) => ask(address, whole)))
    neighbours.forEach(({ address, scope, addresses }, i) => {
      const got = theirs[i]?.addresses
      if (got !== addresses) wrong.push(`${printAddress(address)} in /${scope}: ${got}, not ${addresses}`)
    })
    expect(wrong).toEqual([])
    // Were all answers the same, nothing would have been seen.
    expect(sets.size).toBeGreaterThanOrEqual(2)
  })

  test('a client that is known by its /24 alone is never answered for everybody', async () => {
    const clients = Array.from({ length: 50 }, () => randomClient(4))
    const answers = await client.askAll(clients.map((address) => ask(address, 24)))
    for (const answer of answers) {
      expect(answer?.rcode).toBe(0)
      expect(answer?.scope).toBeGreaterThan(0)
      expect(answer?.scope).toBeLessThanOrEqual(32)
    }
  })

  test('an override for one address inside an override for its /24 holds for it alone', async () => {
    const at = (text: string): Uint8Array => readAddress(text)!
    const pinned = await client.ask(ask(at(PINNED), 32))
    expect(pinned).toMatchObject({ addresses: SINGAPORE, scope: 32 })
    for (let host = 0; host < 256; host++) {
      const address = at(`198.41.0.${host}`)
      if (host === 4) continue
      const answer = await client.ask(ask(address, 32))
      expect(answer?.addresses).toBe(FRANKFURT)
      // No scope of a neighbour may hold the pinned address.
      const { scope = 0 } = answer!
      expect(scope).toBeGreaterThanOrEqual(24)
      expect(subnetOf(address, scope)).not.toBe(subnetOf(at(PINNED), scope))
    }
  })
})
