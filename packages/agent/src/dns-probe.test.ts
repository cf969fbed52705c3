import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { DnsCheck } from '@windrose/health'
import dns2 from 'dns2'
import fc from 'fast-check'
import { createAuthority } from './certificates.arbitraries.ts'
import { composeQuestion, judgeResponse } from './dns-question.ts'
import { normalizeRdata } from './dns-rdata-text.ts'
import { runProbe, useServers } from './served.arbitraries.ts'

const { Packet } = dns2
const { listen, serve, untilNoSockets } = useServers()
const udpServers = new Set<UdpSocket>()
afterEach(async () => {
  await Promise.all([...udpServers].map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))))
  udpServers.clear()
})

/** What the name server of these tests has: records by name and type. */
const RECORDS: Readonly<Record<string, readonly object[]>> = {
  'www.example.org A': [{ address: '192.0.2.1' }, { address: '192.0.2.2' }],
  'www.example.org AAAA': [{ address: '2001:db8::1' }],
  'example.org MX': [{ priority: 10, exchange: 'Mail.example.org' }],
  'example.org TXT': [{ data: ['v=spf1 ', '-all'] }],
  'example.org NS': [{ ns: 'ns1.example.org' }],
  'example.org SOA': [
    { primary: 'ns1.example.org', admin: 'hm.example.org', serial: 7, refresh: 1, retry: 2, expiration: 3, minimum: 4 },
  ],
  '_x._tcp.example.org SRV': [{ priority: 1, weight: 2, port: 443, target: 'www.example.org' }],
  'a.example.org CNAME': [{ domain: 'www.example.org' }],
  '1.2.0.192.in-addr.arpa PTR': [{ domain: 'www.example.org' }],
  'example.org CAA': [{ flags: 0, tag: 'issue', value: 'ca.example.net' }],
  ' NS': [{ ns: 'a.root.test' }],
}

function answer(query: Buffer, change: Record<string, unknown> = {}): Buffer {
  const asked = Packet.parse(query)
  const response = Packet.createResponseFromRequest(asked)
  const [question] = asked.questions
  const records = RECORDS[`${question!.name} ${Packet.typeName(question!.type)}`]
  if (records === undefined) response.header.rcode = 3
  for (const fields of records ?? []) {
    const { name, type } = question!
    response.answers.push(new Packet.Resource({ name, type, class: 1, ttl: 60, ...fields } as never))
  }
  Object.assign(response.header, change)
  return response.toBuffer()
}

async function serveUdp(respond: (query: Buffer) => Buffer[], heard: dns2.Packet[] = [], address = '127.0.0.1') {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  udpServers.add(socket)
  socket.on('message', (query, { port, address: from }) => {
    heard.push(Packet.parse(query))
    for (const response of respond(query)) socket.send(response, port, from)
  })
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  return (socket.address() as AddressInfo).port
}

const frame = (message: Buffer) => Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message])
const serveTcp = (respond: (query: Buffer) => Buffer) =>
  serve((socket) =>
    socket.once('data', (octets: Buffer) => {
      for (const octet of respond(octets.subarray(2))) socket.write(Buffer.from([octet]))
    }),
  )

const asking = {
  type: 'dns',
  transport: 'udp',
  qname: 'www.example.org',
  qtype: 'A',
  recursionDesired: false,
  expectRcodes: ['NOERROR'],
} as const

describe('a dns check', () => {
  test('is a success with a response that is wanted, over UDP and TCP, IPv4 and IPv6', async () => {
    const good = { outcome: 'success', reason: 'NOERROR', degraded: false }
    const udp = await serveUdp((query) => [answer(query)])
    expect(await runProbe({ ...asking, port: udp })).toMatchObject(good)
    const udp6 = await serveUdp((query) => [answer(query)], [], '::1')
    expect(await runProbe({ ...asking, port: udp6 }, '::1')).toMatchObject(good)
    const tcp = await serveTcp((query) => frame(answer(query)))
    expect(await runProbe({ ...asking, port: tcp, transport: 'tcp' })).toMatchObject(good)
    await untilNoSockets()
  })

  test('over TLS asks when the handshake is good, and is degraded by a certificate that ends soon', async () => {
    const authority = createAuthority()
    const serveTls = (days?: number) =>
      listen(
        createTlsServer(authority.issue('DNS:www.test,IP:127.0.0.1', days), (socket) =>
          socket
            .on('error', () => undefined)
            .once('data', (octets: Buffer) => socket.write(frame(answer(octets.subarray(2))))),
        ),
      )
    const tls = { verify: true, caFile: authority.caFile }
    const check = { ...asking, transport: 'tcp', port: await serveTls(), tls } as const
    expect(await runProbe(check)).toMatchObject({ outcome: 'success', reason: 'NOERROR', degraded: false })
    expect(await runProbe({ ...check, tls: { ...tls, serverName: 'other.test' } })).toMatchObject({
      outcome: 'failure',
      reason: 'certificate is for www.test, 127.0.0.1, not other.test',
    })
    expect(await runProbe({ ...check, port: await serveTls(3) })).toMatchObject({
      outcome: 'success',
      reason: expect.stringMatching(/^NOERROR; certificate expires on /),
      degraded: true,
    })
    await untilNoSockets()
    authority.remove()
  })

  test('asks what it should, with a new id every time', async () => {
    const heard: dns2.Packet[] = []
    const port = await serveUdp((query) => [answer(query)], heard)
    await runProbe({ ...asking, port })
    await runProbe({ ...asking, port, qname: 'Example.org.', qtype: 'SOA', recursionDesired: true })
    await runProbe({ ...asking, port, qname: '.', qtype: 'NS' })
    expect(
      heard.map(({ header, questions: [question] }) => [question!.name, question!.type, question!.class, header.rd]),
    ).toEqual([
      ['www.example.org', 1, 1, 0],
      ['Example.org', 6, 1, 1],
      ['', 2, 1, 0],
    ])
    expect(new Set(heard.map(({ header }) => header.id)).size).toBeGreaterThan(1)
  })

  test.each([
    ['A', 'www.example.org', ['192.0.2.2', '192.0.2.1']],
    ['AAAA', 'www.example.org', ['2001:DB8:0::0001']],
    ['MX', 'example.org', ['10 mail.example.org.']],
    ['TXT', 'example.org', ['v=spf1 -all']],
    ['TXT', 'example.org', ['"v=spf1 " "-all"']],
    ['NS', 'example.org', ['NS1.example.org.']],
    ['SOA', 'example.org', ['ns1.example.org. hm.example.org. 7 1 2 3 4']],
    ['SRV', '_x._tcp.example.org', ['1 2 443 www.example.org']],
    ['CNAME', 'a.example.org', ['www.example.org.']],
    ['PTR', '1.2.0.192.in-addr.arpa', ['www.example.org.']],
    ['CAA', 'example.org', ['0 issue "ca.example.net"']],
  ] as const)('finds its %s of %s: %j', async (qtype, qname, expectAnswers) => {
    const port = await serveUdp((query) => [answer(query)])
    expect(await runProbe({ ...asking, port, qtype, qname, expectAnswers })).toMatchObject({ outcome: 'success' })
    expect(await runProbe({ ...asking, port, qtype, qname, expectAnswers: ['nothing'] })).toMatchObject({
      outcome: 'failure',
      reason: 'NOERROR, but the answer lacks nothing',
    })
  })

  test.each([
    [{ qname: 'nx.example.org' }, 'NXDOMAIN, wanted NOERROR'],
    [{ expectRcodes: ['REFUSED', 'SERVFAIL'] }, 'NOERROR, wanted REFUSED or SERVFAIL'],
    [{ expectAnswers: ['192.0.2.1', '192.0.2.9'] }, 'NOERROR, but the answer lacks 192.0.2.9'],
  ])('%j is a failure: %s', async (change, reason) => {
    const port = await serveUdp((query) => [answer(query)])
    expect(await runProbe({ ...asking, port, ...change })).toMatchObject({ outcome: 'failure', reason })
    expect(await runProbe({ ...asking, port, qname: 'nx.example.org', expectRcodes: ['NXDOMAIN'] })).toMatchObject({
      outcome: 'success',
      reason: 'NXDOMAIN',
    })
  })

  test.each<[string, (query: Buffer) => Buffer[], string]>([
    ['garbage', () => [Buffer.from('garbage')], 'not a DNS response'],
    ['the query itself', (query) => [query], 'not a DNS response'],
    ['nothing', () => [], 'no answer within 300 ms'],
    [
      'a response with another id',
      (query) => [answer(query, { id: Packet.parse(query).header.id ^ 1 })],
      'no answer within 300 ms',
    ],
  ])('answered with %s fails', async (_, respond, reason) => {
    const port = await serveUdp(respond)
    expect(await runProbe({ ...asking, port, timeoutMs: 300 })).toMatchObject({ outcome: 'failure', reason })
  })

  test('takes the right response after one that is not to it', async () => {
    const port = await serveUdp((query) => [
      answer(query, { id: Packet.parse(query).header.id ^ 1, rcode: 2 }),
      answer(query),
    ])
    expect(await runProbe({ ...asking, port })).toMatchObject({ outcome: 'success' })
  })

  test('says that the answer was truncated where a record is missing', async () => {
    const port = await serveUdp((query) => [answer(query, { tc: 1 })])
    expect(await runProbe({ ...asking, port, expectAnswers: ['192.0.2.9'] })).toMatchObject({
      reason: 'NOERROR, but the answer lacks 192.0.2.9 (truncated)',
    })
  })

  test('hears that nobody serves the port, over UDP as well', async () => {
    const port = await serveUdp(() => [])
    for (const socket of udpServers) await new Promise<void>((resolve) => socket.close(() => resolve()))
    udpServers.clear()
    const refused = { outcome: 'failure', reason: 'connection refused' }
    expect(await runProbe({ ...asking, port })).toMatchObject(refused)
    expect(await runProbe({ ...asking, port, transport: 'tcp' })).toMatchObject(refused)
  })

  test('comes from its source address', async () => {
    const port = await serveUdp((query) => [answer(query)])
    expect(await runProbe({ ...asking, port, sourceAddress: '127.0.9.9' })).toMatchObject({ outcome: 'success' })
    expect(await runProbe({ ...asking, port, sourceAddress: '192.0.2.1' })).toMatchObject({ outcome: 'inconclusive' })
    expect(await runProbe({ ...asking, port, sourceAddress: '::1' })).toMatchObject({ outcome: 'inconclusive' })
  })

  test.each([
    ['stops in the middle', (query: Buffer) => frame(answer(query)).subarray(0, 20), 'no answer within 300 ms'],
    ['sends an empty message', () => Buffer.from([0, 0]), 'not a DNS response'],
  ])('over TCP fails where the server %s', async (_, respond, reason) => {
    const port = await serveTcp(respond)
    expect(await runProbe({ ...asking, port, transport: 'tcp', timeoutMs: 300 })).toMatchObject({
      outcome: 'failure',
      reason,
    })
    await untilNoSockets()
  })

  test('over TCP passes over a response that is not to it as well', async () => {
    const port = await serveTcp((query) =>
      Buffer.concat([frame(answer(query, { id: Packet.parse(query).header.id ^ 1 })), frame(answer(query))]),
    )
    expect(await runProbe({ ...asking, port, transport: 'tcp' })).toMatchObject({ outcome: 'success' })
  })

  test('ends when it is told to', async () => {
    const port = await serveUdp(() => [])
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 20)
    expect(await runProbe({ ...asking, port }, '127.0.0.1', abort.signal)).toMatchObject({ outcome: 'inconclusive' })
  })
})

describe('the response to a question', () => {
  const check = { ...asking, port: 53 } as unknown as DnsCheck

  test('to another one is none', () => {
    const other = answer(composeQuestion({ ...check, qname: 'example.org', qtype: 'TXT' }, 5))
    expect(judgeResponse(other, check, 5)).toEqual({ kind: 'bad', reason: 'the response is to another question' })
  })

  test('is judged whatever its octets, without throwing', () => {
    const good = answer(composeQuestion(check, 5))
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        (length, changes) => {
          const octets = Buffer.from(good)
          for (const [at, octet] of changes) octets[at] = octet
          expect(['good', 'bad', 'unrelated']).toContain(judgeResponse(octets.subarray(0, length), check, 5).kind)
        },
      ),
    )
  })

  test('is compared in one spelling', () => {
    expect(normalizeRdata('10  Mail.Example.org.', 'MX')).toBe('10 mail.example.org')
    expect(normalizeRdata('0 .', 'MX')).toBe('0 .')
    expect(normalizeRdata('"a \\"b\\"" "c"', 'TXT')).toBe('a "b"c')
    expect(normalizeRdata('::FFFF:192.0.2.1', 'AAAA')).toBe('::ffff:192.0.2.1')
  })
})
