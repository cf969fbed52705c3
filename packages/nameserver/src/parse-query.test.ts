import { Opcode, printName, Rcode, Rtype } from '@windrose/dns'
import { composeQuery, lines, nameOf, parse, type QueryParts, Scene } from './scene.arbitraries.ts'

const octets = (hex: string): Uint8Array =>
  Uint8Array.from((hex.replace(/\s/g, '').match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16)))

const text = (words: string): Uint8Array => Uint8Array.from(words, (character) => character.charCodeAt(0))

const scene = (): Scene =>
  new Scene({
    zones: { 'example.org.': 'www A 192.0.2.1\n\\000\\255.bin TXT "odd"\n' },
    settings: { version: text('windrose 1'), hostname: text('ns1.fra') },
  })

/** A header with these counts, then the octets. */
const packet = (counts: readonly number[], rest: string, flags = '0000'): Uint8Array =>
  octets(`1234 ${flags} ${counts.map((count) => count.toString(16).padStart(4, '0')).join('')} ${rest}`)

const WWW_A = '03777777 076578616d706c65 036f7267 00 0001 0001'

describe('a packet', () => {
  test.each([0, 1, 2, 11])('of %d octets is not answered', (length) => {
    expect(scene().send(new Uint8Array(length))).toBeUndefined()
  })

  test.each(['8000', '8180', 'a000'])('that is a response (flags %s) is not answered', (flags) => {
    const server = scene()
    expect(server.send(packet([1, 0, 0, 0], WWW_A, flags))).toBeUndefined()
    expect(server.count('dropped')).toBe(1)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 15])(
    'of opcode %d is not implemented, and gets its question and opcode back',
    (opcode) => {
      const tcp = true
      const response = scene().ask('www.example.org. A', { tcp, message: { opcode } })
      expect(response).toMatchObject({ opcode, rcode: Rcode.NOTIMP, aa: false, answers: [] })
      expect(response.questions).toEqual([{ qname: nameOf('www.example.org.'), qtype: 1, qclass: 1 }])
    },
  )

  test('of a stateful operation is malformed over UDP, where only its header comes back', () => {
    const query = packet([1, 0, 0, 0], WWW_A, '3000')
    expect(scene().send(query)).toEqual(octets('1234 b001 0000 0000 0000 0000'))
    expect(scene().send(packet([0, 0, 0, 0], '', '3000'))).toEqual(octets('1234 b001 0000 0000 0000 0000'))
    expect(parse(scene().send(packet([0, 0, 0, 0], '', '3000'), { tcp: true })).rcode).toBe(Rcode.NOTIMP)
  })

  test('that counts no question is malformed, and only its header comes back', () => {
    expect(scene().send(packet([0, 0, 0, 0], ''))).toEqual(octets('1234 8001 0000 0000 0000 0000'))
  })

  test('with two questions is malformed, and gets the first one back', () => {
    const response = parse(scene().send(packet([2, 0, 0, 0], `${WWW_A} ${WWW_A}`)))
    expect(response).toMatchObject({ rcode: Rcode.FORMERR, aa: false, answers: [] })
    expect(response.questions).toHaveLength(1)
  })

  test.each([
    ['a name above 255 octets', `${`3f${'61'.repeat(63)}`.repeat(4)}00 00010001`],
    ['a name that runs past the end', '03777777 0765'],
    ['a name without its root', '03777777'],
    ['a compressed name', '03777777 c00c 0001 0001'],
    ['an unknown label type', '41777777 00 0001 0001'],
    ['no type', '03777777 00'],
    ['half a type', '03777777 00 00'],
    ['no class', '03777777 00 0001'],
    ['half a class', '03777777 00 0001 00'],
  ])('whose question has %s is malformed, and only its header comes back', (_, question) => {
    expect(scene().send(packet([1, 0, 0, 0], question))).toEqual(octets('1234 8001 0000 0000 0000 0000'))
  })

  test.each([
    ['an answer', [1, 1, 0, 0], ''],
    ['an authority', [1, 0, 1, 0], ''],
    ['an additional record', [1, 0, 0, 1], ''],
    ['a second additional record', [1, 0, 0, 2], '00 0001 0001 00000000 0000'],
    ['65,535 records', [1, 0xffff, 0xffff, 0xffff], ''],
    ['a record whose data runs past the end', [1, 0, 0, 1], '00 0001 0001 00000000 0004 c00002'],
    ['a record whose name runs past the end', [1, 0, 0, 1], '3f61'],
    ['a record cut behind a pointer', [1, 0, 0, 1], 'c0'],
    ['a record of an unknown label type', [1, 0, 0, 1], '80 0001 0001 00000000 0000'],
  ])('that promises %s and does not keep it is malformed', (_, counts, rest) => {
    const response = parse(scene().send(packet(counts, `${WWW_A} ${rest}`)))
    expect(response).toMatchObject({ rcode: Rcode.FORMERR, aa: false, answers: [] })
    expect(response.questions).toHaveLength(1)
  })

  test('with records that nobody needs, and with octets after the last one, is answered', () => {
    const record = 'c00c 0001 0001 00000000 0004 c0000201'
    const response = parse(scene().send(packet([1, 1, 1, 1], `${WWW_A} ${record.repeat(3)} ffff`)))
    expect(lines(response.answers)).toEqual(['www.example.org. 300 IN A 192.0.2.1'])
  })
})

describe('a header', () => {
  test.each([0, 1, 0x1234, 0xffff])('gives its id %d back', (id) => {
    expect(scene().ask('www.example.org. A', { message: { id } }).id).toBe(id)
  })

  test.each([true, false])('gives RD %s back, and recursion is never available', (rd) => {
    expect(scene().ask('www.example.org. A', { message: { rd } })).toMatchObject({ rd, ra: false, qr: true, aa: true })
  })

  test('does not give AD, CD, Z, RA, AA, TC and the rcode back', () => {
    const set = { ad: true, cd: true, z: true, ra: true, aa: true, tc: true, rcode: 5 }
    const response = scene().ask('www.example.org. A', { message: set })
    expect(response).toMatchObject({ ad: false, cd: false, z: false, ra: false, tc: false, rcode: Rcode.NOERROR })
    expect(scene().ask('www.example.com. A', { message: set })).toMatchObject({
      aa: false,
      tc: false,
      rcode: Rcode.REFUSED,
    })
  })
})

describe('a question', () => {
  test.each([
    ['outside every zone', 'www.example.com. A'],
    ['for the root', '. NS'],
    ['for a name above the zones', 'org. SOA'],
    ['of class HS', 'www.example.org. A HS'],
    ['of class 0', 'www.example.org. A 0'],
    ['of class ANY', 'www.example.org. A 255'],
    ['for a zone transfer', 'example.org. AXFR'],
    ['for an incremental zone transfer', 'example.org. IXFR'],
    ['of class CHAOS for another name', 'example.org. TXT CH'],
    ['of class CHAOS for another type', 'version.bind. A CH'],
  ])('%s is refused, with the question and nothing else', (_, question) => {
    for (const parts of [{}, { tcp: true }] satisfies QueryParts[]) {
      const response = scene().ask(question, parts)
      expect(response).toMatchObject({ rcode: Rcode.REFUSED, aa: false, answers: [], authorities: [], additionals: [] })
      expect(response.questions).toHaveLength(1)
      expect(response.edns).toBeUndefined()
    }
    expect(scene().ask(question, { payload: 1232 }).edns).toMatchObject({ version: 0, options: [] })
  })

  test.each([
    ['VERSION.bind.', 'windrose 1'],
    ['version.SERVER.', 'windrose 1'],
    ['hostname.bind.', 'ns1.fra'],
    ['id.server.', 'ns1.fra'],
  ])('for CH TXT %s is answered with "%s"', (name, value) => {
    const response = scene().ask(`${name} TXT CH`)
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, aa: false })
    expect(lines(response.answers)).toEqual([`${name} 0 CH TXT "${value}"`])
  })

  test('for CH TXT is refused where the settings are empty', () => {
    const server = new Scene({ zones: { 'example.org.': '' } })
    for (const name of ['version.bind.', 'id.server.']) expect(server.ask(`${name} TXT CH`).rcode).toBe(Rcode.REFUSED)
  })

  test('keeps octets that are no text, and the case of letters, in the question and in every owner', () => {
    const response = scene().ask('\\000\\255.BiN.eXample.oRg. TXT')
    expect(printName(response.questions[0]!.qname)).toBe('\\000\\255.BiN.eXample.oRg.')
    expect(lines(response.answers)).toEqual(['\\000\\255.BiN.eXample.oRg. 300 IN TXT "odd"'])
  })

  test('with a label of 63 octets is answered', () => {
    expect(scene().ask(`${'x'.repeat(63)}.example.org. A`).rcode).toBe(Rcode.NXDOMAIN)
  })

  test.each([65, 257, 65535, 0, 99, 41, 250])('for type %d, which the name does not have, has no data', (type) => {
    const response = scene().ask('www.example.org. A', {
      message: { questions: [{ qname: nameOf('www.example.org.'), qtype: type, qclass: 1 }] },
    })
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, aa: true, answers: [] })
    expect(response.authorities.map(({ rtype }) => rtype)).toEqual([Rtype.SOA])
  })
})

test('octets behind the message are not read', () => {
  const query = composeQuery('www.example.org. A', { payload: 1232 })
  const cut = query.slice(0, -1)
  expect(parse(scene().send(cut)).rcode).toBe(Rcode.FORMERR)
})

test('every opcode but QUERY has its rcode counted as NOTIMP', () => {
  const server = scene()
  server.ask('www.example.org. A', { message: { opcode: Opcode.NOTIFY } })
  expect(server.runtime.counters[16 + Rcode.NOTIMP]).toBe(1)
})
