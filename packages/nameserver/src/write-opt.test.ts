import { EdnsOption, Rclass, Rcode, type Rr, Rtype } from '@windrose/dns'
import { composeQuery, lines, nameOf, parse, type QueryParts, Scene } from './scene.arbitraries.ts'
import type { Settings } from './settings.ts'

const NSID = Uint8Array.from([0x66, 0x72, 0x61])

const LONG_TXT = Array.from({ length: 3 }, () => `"${'t'.repeat(199)}"`).join(' ')
const LONGER_TXT = Array.from({ length: 6 }, () => `"${'t'.repeat(215)}"`).join(' ')

const scene = (settings: Partial<Settings> = {}): Scene =>
  new Scene({
    zones: { 'example.org.': `www A 192.0.2.1\nlong TXT ${LONG_TXT}\nlonger TXT ${LONGER_TXT}\n` },
    settings,
  })

const OPT: Rr = { owner: nameOf('.'), rtype: Rtype.OPT, rclass: 1232, ttl: 0, rdata: new Uint8Array(0) }
const OTHER: Rr = { owner: nameOf('x.'), rtype: Rtype.A, rclass: Rclass.IN, ttl: 0, rdata: new Uint8Array(4) }

describe('a query without OPT', () => {
  test.each(['www.example.org. A', 'nope.example.org. A', 'example.com. A', 'www.example.org. ANY'])(
    '(%s) gets a response without OPT',
    (question) => {
      const parts = { message: { rd: true }, tcp: true }
      expect(scene({ nsid: NSID, tcpKeepalive: 300 }).ask(question, parts).edns).toBeUndefined()
    },
  )
})

describe('an OPT', () => {
  test.each(['www.example.org. A', 'nope.example.org. A', 'example.com. A', 'www.example.org. ANY', 'x. TXT CH'])(
    'of version 0 in a query for %s is answered with our payload size and nothing else',
    (question) => {
      const edns = { payloadSize: 1232, version: 0, dnssecOk: false, options: [] }
      expect(scene({ nsid: NSID }).ask(question, { payload: 4096 }).edns).toEqual(edns)
    },
  )

  test.each(['www.example.org. A', 'nope.example.org. A', 'example.com. A', 'x. TXT CH'])(
    'of version 1 in a query for %s gets BADVERS, version 0 and no data',
    (question) => {
      const server = scene()
      const response = server.ask(question, { version: 1, ecs: '192.0.2.0/24' })
      expect(response).toMatchObject({ rcode: Rcode.BADVERS, aa: false, answers: [], authorities: [] })
      expect(response.edns).toEqual({ payloadSize: 1232, version: 0, dnssecOk: false, options: [] })
      expect(response.questions).toHaveLength(1)
      expect(server.count('badvers')).toBe(1)
    },
  )

  test('may stand before or after other additional records', () => {
    for (const additionals of [
      [OTHER, OPT],
      [OPT, OTHER],
      [OTHER, OPT, OTHER],
    ]) {
      const response = scene().ask('www.example.org. A', { message: { additionals } })
      expect(response).toMatchObject({ rcode: Rcode.NOERROR, edns: { version: 0 } })
    }
  })

  test('may not come twice', () => {
    const response = scene().ask('www.example.org. A', { message: { additionals: [OPT, OPT] } })
    expect(response).toMatchObject({ rcode: Rcode.FORMERR, aa: false, answers: [], edns: { options: [] } })
  })

  test('may not be owned by another name than the root', () => {
    const response = scene().ask('www.example.org. A', { message: { additionals: [{ ...OPT, owner: nameOf('x.') }] } })
    expect(response.rcode).toBe(Rcode.FORMERR)
  })

  test.each(['answers', 'authorities'] as const)('among the %s is a record like any other', (section) => {
    const response = scene().ask('www.example.org. A', { message: { [section]: [OPT] } })
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, aa: true })
    expect(response.edns).toBeUndefined()
  })

  test.each([true, false])('has its DO bit (%s) given back', (dnssecOk) => {
    expect(scene().ask('www.example.org. A', { dnssecOk }).edns).toMatchObject({ dnssecOk })
    expect(scene().ask('www.example.org. A', { dnssecOk }).edns).not.toHaveProperty('flags')
  })

  test('whose other flags are set gets none of them back', () => {
    const ttl = 0x0000ffff
    const response = scene().ask('www.example.org. A', { message: { additionals: [{ ...OPT, ttl }] } })
    expect(response.edns).toEqual({ payloadSize: 1232, version: 0, dnssecOk: true, options: [] })
  })

  test.each([
    ['that is cut', [0, 10, 0]],
    ['whose data runs past the end', [0, 10, 0, 8, 1]],
    ['that hides behind an unknown one and is cut', [0xff, 0xff, 0, 1, 7, 0]],
  ])('with an option %s is malformed', (_, rdata) => {
    const additionals = [{ ...OPT, rdata: Uint8Array.from(rdata) }]
    const response = scene({ nsid: NSID }).ask('www.example.org. A', { message: { additionals } })
    expect(response).toMatchObject({ rcode: Rcode.FORMERR, aa: false, answers: [], edns: { options: [] } })
    expect(response.questions).toHaveLength(1)
  })
})

describe('an option', () => {
  test.each([
    ['unknown', { code: 65001, data: Uint8Array.of(1, 2, 3) }],
    ['unknown and empty', { code: 65001, data: new Uint8Array(0) }],
    ['for padding', { code: EdnsOption.PADDING, data: new Uint8Array(40) }],
    ['for keepalive with a timeout, over UDP,', { code: EdnsOption.TCP_KEEPALIVE, data: Uint8Array.of(1, 2) }],
    ['for keepalive, over UDP,', { code: EdnsOption.TCP_KEEPALIVE, data: new Uint8Array(0) }],
  ])('%s is ignored', (_, option) => {
    const response = scene({ tcpKeepalive: 300 }).ask('www.example.org. A', { options: [option] })
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, edns: { options: [] } })
    expect(response.answers).toHaveLength(1)
  })

  test('for the name server identifier gets it, whatever data the query has in it', () => {
    for (const data of [new Uint8Array(0), Uint8Array.of(1, 2)]) {
      const options = [{ code: EdnsOption.NSID, data }]
      for (const question of ['www.example.org. A', 'nope.example.org. A', 'example.com. A']) {
        expect(scene({ nsid: NSID }).ask(question, { options }).edns!.options).toEqual([
          { code: EdnsOption.NSID, data: NSID },
        ])
      }
      expect(scene().ask('www.example.org. A', { options }).edns!.options).toEqual([])
    }
  })

  test('for keepalive comes with every response to EDNS over TCP', () => {
    const options = [{ code: EdnsOption.TCP_KEEPALIVE, data: Uint8Array.of(0x01, 0x72) }]
    expect(scene({ tcpKeepalive: 370 }).ask('www.example.org. A', { tcp: true, payload: 512 }).edns!.options).toEqual(
      options,
    )
    expect(scene().ask('www.example.org. A', { tcp: true, payload: 512 }).edns!.options).toEqual([])
  })

  test('for keepalive may have no timeout in a query over TCP', () => {
    const options = [{ code: EdnsOption.TCP_KEEPALIVE, data: Uint8Array.of(1, 2) }]
    expect(scene().ask('www.example.org. A', { tcp: true, options }).rcode).toBe(Rcode.FORMERR)
  })
})

describe('a response', () => {
  const whole = (name: string): number => composeQuery(`${name} TXT`).length
  const isTruncated = (question: string, parts: QueryParts): boolean => {
    const server = scene()
    const response = server.ask(question, parts)
    expect(response).toMatchObject({ aa: true, rcode: Rcode.NOERROR, authorities: [], additionals: [] })
    expect(response.answers).toHaveLength(response.tc ? 0 : 1)
    expect(response.edns === undefined).toBe(parts.payload === undefined)
    expect(server.count('truncated')).toBe(response.tc ? 1 : 0)
    return response.tc
  }

  // 12 + question, 12 + 600 octets of TXT, 11 of OPT.
  const size = whole('long.example.org.') + 12 + 600 + 11
  test.each([
    ['without EDNS', {}, true],
    ['with 512 offered', { payload: 512 }, true],
    ['with one octet less than it has offered', { payload: size - 1 }, true],
    ['with exactly its octets offered', { payload: size }, false],
    ['with 4096 offered', { payload: 4096 }, false],
    ['over TCP', { tcp: true }, false],
    ['over TCP with 512 offered', { tcp: true, payload: 512 }, false],
  ])('of 600 octets %s is truncated: %#', (_, parts, expected) => {
    expect(isTruncated('long.example.org. TXT', parts)).toBe(expected)
  })

  test.each([
    ['with 600 offered', { payload: 600 }, true],
    ['with 1200 offered', { payload: 1200 }, true],
    ['with 4096 offered, of which this server uses 1232', { payload: 4096 }, true],
    ['with 65,535 offered', { payload: 65535 }, true],
    ['over TCP', { tcp: true, payload: 512 }, false],
  ])('of 1300 octets %s is truncated: %#', (_, parts, expected) => {
    expect(isTruncated('longer.example.org. TXT', parts)).toBe(expected)
  })

  test.each([0, 1, 511])('may have 512 octets where %d are offered', (payload) => {
    const server = new Scene({ zones: { 'example.org.': `text TXT "${'t'.repeat(200)}" "${'t'.repeat(200)}"\n` } })
    expect(server.ask('text.example.org. TXT', { payload })).toMatchObject({ tc: false })
    expect(server.ask('text.example.org. TXT', { payload }).answers).toHaveLength(1)
  })

  test('is bounded by the setting where the client offers more', () => {
    const server = scene({ udpPayload: 2048 })
    expect(server.ask('longer.example.org. TXT', { payload: 4096 })).toMatchObject({
      tc: false,
      edns: { payloadSize: 2048 },
    })
    expect(server.ask('longer.example.org. TXT', { payload: 1300 }).tc).toBe(true)
  })

  test('that is truncated keeps its options', () => {
    const options = [{ code: EdnsOption.NSID, data: new Uint8Array(0) }]
    const server = scene({ nsid: NSID })
    const response = server.ask('long.example.org. TXT', { payload: 512, options, ecs: '192.0.2.0/24' })
    expect(response.tc).toBe(true)
    expect(response.edns!.options.map(({ code }) => code)).toEqual([EdnsOption.CLIENT_SUBNET, EdnsOption.NSID])
  })

  test('has room for the longest question with every option', () => {
    const label = 'x'.repeat(61)
    const qname = `${label}.${label}.${label}.${'x'.repeat(53)}.example.org.`
    const options = [{ code: EdnsOption.NSID, data: new Uint8Array(0) }]
    const server = scene({ nsid: new Uint8Array(128) })
    const octets = server.send(composeQuery(`${qname} A`, { options, ecs: '2a00::/128' }), { tcp: false })!
    expect(octets.length).toBeLessThanOrEqual(1232)
    expect(parse(octets)).toMatchObject({ rcode: Rcode.NXDOMAIN, tc: false })
    expect(
      server.send(composeQuery(`${qname} A`, { options, ecs: '2a00::/128', payload: 512 }))!.length,
    ).toBeLessThanOrEqual(512)
  })
})

test('a query with EDNS is counted, with a client subnet too', () => {
  const server = scene()
  server.ask('www.example.org. A')
  server.ask('www.example.org. A', { payload: 512 })
  server.ask('www.example.org. A', { ecs: '192.0.2.0/24' })
  expect([server.count('queriesUdp4'), server.count('edns'), server.count('clientSubnet')]).toEqual([3, 2, 1])
  expect(lines(server.ask('www.example.org. A').answers)).toEqual(['www.example.org. 300 IN A 192.0.2.1'])
})
