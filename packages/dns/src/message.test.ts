import fc from 'fast-check'
import { composeMessage } from './compose-message.ts'
import { anyName, anyRr, similarName } from './dns.arbitraries.ts'
import { HeaderFlag, type Message } from './message.ts'
import type { Name } from './name.ts'
import { readName } from './name-text.ts'
import { parseMessage } from './parse-message.ts'
import type { Rr } from './rr.ts'
import { Rtype } from './rtype.ts'

const name = (text: string): Name => readName(text) as Name

const query: Message = {
  id: 0x1234,
  qr: false,
  opcode: 0,
  aa: false,
  tc: false,
  rd: true,
  ra: false,
  z: false,
  ad: false,
  cd: false,
  rcode: 0,
  questions: [{ qname: name('www.example.org.'), qtype: Rtype.A, qclass: 1 }],
  answers: [],
  authorities: [],
  additionals: [],
}

describe('composeMessage', () => {
  test('composes a query to the octets of RFC 1035 section 4', () => {
    expect([...composeMessage(query)]).toEqual([
      0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 119, 119, 119, 7, 101, 120, 97, 109, 112, 108, 101, 3, 111, 114, 103,
      0, 0, 1, 0, 1,
    ])
  })

  test('compresses owners and the names of RFC 1035 types, but not those of later types', () => {
    const target = name('www.example.org.')
    const size = (rtype: number, rdata: Uint8Array): number => {
      const rr: Rr = { owner: target, rtype, rclass: 1, ttl: 1, rdata }
      return composeMessage({ ...query, answers: [rr] }).length - composeMessage(query).length - 12
    }
    expect(size(Rtype.NS, target)).toBe(2)
    expect(size(Rtype.PTR, target)).toBe(2)
    expect(size(Rtype.MX, Uint8Array.of(0, 1, ...target))).toBe(4)
    expect(size(Rtype.SOA, Uint8Array.of(...target, ...target, ...new Array<number>(20).fill(0)))).toBe(24)
    expect(size(Rtype.DNAME, target)).toBe(17)
    expect(size(Rtype.SRV, Uint8Array.of(0, 1, 0, 1, 0, 1, ...target))).toBe(23)
    expect(size(Rtype.HTTPS, Uint8Array.of(0, 1, ...target))).toBe(19)
  })

  test('rdata that does not fit its type goes out as it is', () => {
    for (const rtype of [Rtype.NS, Rtype.SOA, Rtype.MX]) {
      const rr: Rr = { owner: name('a.'), rtype, rclass: 254, ttl: 0, rdata: new Uint8Array(0) }
      expect(composeMessage({ ...query, answers: [rr] }).slice(-2)).toEqual(Uint8Array.of(0, 0))
    }
  })

  test('puts OPT last, with the upper bits of the response code', () => {
    const options = [{ code: 3, data: Uint8Array.of(7) }]
    const octets = composeMessage({
      ...query,
      rcode: 16,
      edns: { payloadSize: 1232, version: 0, dnssecOk: true, options },
    })
    expect([...octets.slice(-16)]).toEqual([0, 0, 41, 4, 0xd0, 1, 0, 0x80, 0, 0, 5, 0, 3, 0, 1, 7])
    expect(octets[11]).toBe(1)
  })

  test('leaves out what is beyond 65535 octets, says so with TC, and keeps OPT', () => {
    const rr = (i: number): Rr => ({
      owner: name(`n${i}.`),
      rtype: Rtype.TXT,
      rclass: 1,
      ttl: 0,
      rdata: new Uint8Array(250),
    })
    const answers = Array.from({ length: 300 }, (_, i) => rr(i))
    const edns = { payloadSize: 1232, version: 0, dnssecOk: false, options: [] }
    const parsed = parseMessage(composeMessage({ ...query, answers, additionals: [rr(1)], edns })) as Message
    expect(parsed.tc).toBe(true)
    expect(parsed.answers.length).toBeGreaterThan(200)
    expect(parsed.answers.length).toBeLessThan(300)
    expect([parsed.additionals, parsed.edns]).toEqual([[], edns])
  })
})

describe('parseMessage', () => {
  const good = [
    ...composeMessage({ ...query, edns: { payloadSize: 512, version: 1, dnssecOk: false, flags: 5, options: [] } }),
  ]
  const OPT = [0, 0, 41, 2, 0, 0, 1, 0, 5, 0, 0]
  const withCounts = (octets: number[], ...counts: number[]): number[] => {
    return [...octets.slice(0, 4), ...counts.flatMap((count) => [0, count]), ...octets.slice(12)]
  }

  test('gives EDNS apart from the additional records', () => {
    const parsed = parseMessage(Uint8Array.from(good)) as Message
    expect(parsed.additionals).toEqual([])
    expect(parsed.edns).toEqual({ payloadSize: 512, version: 1, dnssecOk: false, flags: 5, options: [] })
  })

  test.each<[string, number[], string]>([
    ['eleven octets', new Array<number>(11).fill(0), 'the header is shorter than 12 octets'],
    ['a question cut short', good.slice(0, 32), 'question 1 is cut short or malformed'],
    ['a record that is not there', withCounts(good, 1, 0, 0, 2), 'additional record 2 is cut short or malformed'],
    [
      'an answer that is not there',
      withCounts(good.slice(0, 33), 1, 1, 0, 0),
      'answer record 1 is cut short or malformed',
    ],
    ['octets after the end', [...good, 0], '1 octets follow the last record'],
    ['two OPT records', withCounts([...good, ...OPT], 1, 0, 0, 2), 'there are two OPT records'],
    ['OPT among the answers', withCounts(good, 1, 1, 0, 0), 'the OPT record is not in the additional section'],
    [
      'OPT below a name',
      withCounts([...good.slice(0, 33), 1, 97, ...OPT], 1, 0, 0, 1),
      'the owner of the OPT record is not the root',
    ],
    [
      'an option cut short',
      withCounts([...good.slice(0, 33), ...OPT.slice(0, 10), 5, 0, 3, 0, 2, 9], 1, 0, 0, 1),
      'EDNS option 1 is cut short',
    ],
    [
      'rdata that is too short for its type',
      withCounts([...good.slice(0, 33), 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3], 1, 1, 0, 0),
      'answer record 1 is cut short or malformed',
    ],
  ])('%s is malformed', (_, octets, malformed) => expect(parseMessage(Uint8Array.from(octets))).toEqual({ malformed }))

  test('the records of updates may be without rdata, and A of class CH is not an address', () => {
    const record = (rclass: number, rdata: number[]) => [0, 0, 1, 0, rclass, 0, 0, 0, 0, 0, rdata.length, ...rdata]
    const octets = withCounts(
      [...good.slice(0, 33), ...record(255, []), ...record(254, []), ...record(3, [0, 1, 2])],
      1,
      3,
      0,
      0,
    )
    const parsed = parseMessage(Uint8Array.from(octets)) as Message
    expect(parsed.answers.map(({ rdata }) => rdata.length)).toEqual([0, 0, 3])
  })

  test('any octets give a value and never throw', () => {
    const records = fc.array(fc.oneof(fc.constantFrom(0, 1, 0xc0, 12, 41), fc.nat(255)), { maxLength: 80 })
    const counts = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(1), fc.nat(2))
    fc.assert(
      fc.property(records, counts, fc.nat(0xffff), (octets, [qd, an, ns, ar], flags) => {
        const header = [0, 1, flags >> 8, flags & 0xff, 0, qd, 0, an, 0, ns, 0, ar]
        expect(parseMessage(Uint8Array.of(...header, ...octets))).toBeDefined()
        expect(parseMessage(Uint8Array.from(octets))).toBeDefined()
      }),
      { numRuns: 3000 },
    )
  })

  test('one octet changed or cut off in a good message never makes it throw', () => {
    fc.assert(
      fc.property(messages(anyName), fc.nat(), fc.nat(255), (message, at, octet) => {
        const octets = composeMessage(message)
        octets[at % octets.length] = octet
        expect(parseMessage(octets)).toBeDefined()
        expect(parseMessage(octets.subarray(0, at % octets.length))).toBeDefined()
      }),
    )
  })
})

test('a message is parsed as it was composed', () => {
  fc.assert(
    fc.property(fc.oneof(messages(similarName), messages(anyName)), (message) => {
      expect(foldCompressed(parseMessage(composeMessage(message)))).toEqual(foldCompressed(message))
    }),
    { numRuns: 300 },
  )
})

test('every flag of the header has its own bit', () => {
  for (const flag of ['qr', 'aa', 'tc', 'rd', 'ra', 'z', 'ad', 'cd'] as const) {
    const octets = composeMessage({ ...query, rd: false, [flag]: true })
    expect((octets[2]! << 8) | octets[3]!).toBe(HeaderFlag[flag.toUpperCase() as keyof typeof HeaderFlag])
    expect(parseMessage(octets)).toHaveProperty(flag, true)
  }
})

function messages(names: fc.Arbitrary<Name>): fc.Arbitrary<Message> {
  const records = fc.array(anyRr(names), { maxLength: 4 })
  const options = fc.array(fc.record({ code: fc.nat(0xffff), data: fc.uint8Array({ maxLength: 20 }) }), {
    maxLength: 3,
  })
  const edns = fc.record({
    payloadSize: fc.nat(0xffff),
    version: fc.nat(255),
    dnssecOk: fc.boolean(),
    flags: fc.integer({ min: 1, max: 0x7fff }),
    options,
  })
  const bits = fc.boolean()
  return fc
    .record(
      {
        id: fc.nat(0xffff),
        qr: bits,
        opcode: fc.nat(15),
        aa: bits,
        tc: bits,
        rd: bits,
        ra: bits,
        z: bits,
        ad: bits,
        cd: bits,
        rcode: fc.nat(0xfff),
        questions: fc.array(fc.record({ qname: names, qtype: fc.nat(0xffff), qclass: fc.nat(0xffff) }), {
          maxLength: 2,
        }),
        answers: records,
        authorities: records,
        additionals: records,
        edns,
      },
      {
        noNullPrototype: true,
        requiredKeys: [
          'id',
          'qr',
          'opcode',
          'aa',
          'tc',
          'rd',
          'ra',
          'z',
          'ad',
          'cd',
          'rcode',
          'questions',
          'answers',
          'authorities',
          'additionals',
        ],
      },
    )
    .map((message) =>
      message.edns === undefined ? { ...message, rcode: message.rcode & 15 } : message,
    ) as fc.Arbitrary<Message>
}

/** Compression may change the case of a name, so both sides are compared without regard to case. */
function foldCompressed(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part) => {
      if (!(part instanceof Uint8Array)) return part
      return [...part].map((octet) => (octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet))
    }),
  )
}
