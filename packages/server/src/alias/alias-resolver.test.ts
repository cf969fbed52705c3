import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import dns2 from 'dns2'
import { AliasResolver } from './alias-resolver.ts'

const { Packet } = dns2

/** A resolver on loopback that answers with what stands here, by type: addresses, or an rcode. */
let answers: { A: readonly string[] | number; AAAA: readonly string[] | number }
let socket: Socket
let port: number
let resolver: AliasResolver
let changes: string[]
let failures: string[]

beforeEach(async () => {
  answers = { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] }
  changes = []
  failures = []
  socket = createSocket('udp4')
  socket.on('message', (message, peer) => {
    const query = Packet.parse(message)
    const [question] = query.questions
    const type = question!.type === Packet.TYPE.AAAA ? 'AAAA' : 'A'
    const response = Packet.createResponseFromRequest(query)
    const answer = answers[type]
    if (typeof answer === 'number') response.header.rcode = answer
    else {
      response.answers = answer.map((address) => ({
        name: question!.name,
        type: Packet.TYPE[type],
        class: Packet.CLASS.IN,
        ttl: 60,
        address,
      })) as typeof response.answers
    }
    socket.send(response.toBuffer(), peer.port, peer.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  port = socket.address().port
  resolver = new AliasResolver({
    servers: [`127.0.0.1:${port}`],
    onChange: (name) => changes.push(name),
    onFailure: (name, failure, stands) => failures.push(`${name}: ${failure}, ${stands ? 'stands' : 'nothing known'}`),
    now: () => 5000,
  })
})

afterEach(() => {
  resolver.stop()
  socket.close()
})

const NAME = { key: 'cdn', text: 'cdn.example.net' }

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('resolves both families, and tells once', async () => {
  resolver.setNames([NAME])
  expect(resolver.unresolved).toEqual(['cdn.example.net'])
  await resolver.settled()
  expect(resolver.unresolved).toEqual([])
  expect(changes).toEqual(['cdn.example.net'])
  const found = resolver.aliases.get('cdn')!
  expect(found.ipv4).toEqual([Uint8Array.of(192, 0, 2, 1)])
  expect(found.ipv6[0]!.length).toBe(16)
  expect(found.ttl).toBe(60)
  expect(resolver.states).toMatchObject([{ name: 'cdn.example.net', resolvedAt: 5000, failure: '' }])
})

test('a name with one family has none of the other', async () => {
  answers.AAAA = []
  resolver.setNames([NAME])
  await resolver.settled()
  expect(resolver.aliases.get('cdn')).toMatchObject({ ipv6: [] })
})

test.each([
  ['SERVFAIL for one family is no answer for the other', { A: ['192.0.2.1'], AAAA: 2 }, 'the resolver says SERVFAIL'],
  ['a name that does not exist', { A: 3, AAAA: 3 }, 'the name does not exist'],
  ['a name without any address', { A: [], AAAA: [] }, 'the name has no address'],
])('%s: nothing is known, and that is told', async (_, given, failure) => {
  answers = given
  resolver.setNames([NAME])
  await resolver.settled()
  expect(resolver.aliases.size).toBe(0)
  expect(failures).toEqual([`cdn.example.net: ${failure}, nothing known`])
})

test('asks again after a failure, without being told', async () => {
  answers = { A: 2, AAAA: 2 }
  resolver.setNames([NAME])
  await until(() => failures.length > 0)
  answers = { A: ['192.0.2.7'], AAAA: [] }
  await until(() => changes.length > 0)
  expect(resolver.aliases.get('cdn')!.ipv4).toEqual([Uint8Array.of(192, 0, 2, 7)])
})

test('keeps what it knows of names that stay, and forgets the others', async () => {
  resolver.setNames([NAME, { key: 'old', text: 'old.example.net' }])
  await resolver.settled()
  resolver.setNames([NAME])
  expect([...resolver.aliases.keys()]).toEqual(['cdn'])
  expect(changes.filter((name) => name === 'cdn.example.net').length).toBe(1)
})
