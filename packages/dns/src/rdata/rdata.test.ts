import fc from 'fast-check'
import { anyName, anyRdata, anyRr } from '../dns.arbitraries.ts'
import { readMasterFile } from '../master-file/read-master-file.ts'
import type { Name } from '../name.ts'
import { printName, readName } from '../name-text.ts'
import { printRr } from '../print-rr.ts'
import { Reader } from '../reader.ts'
import { printRtype, Rtype, rtypeOf } from '../rtype.ts'
import { Writer } from '../writer.ts'
import { nameInRdata } from './name-in-rdata.ts'
import { canonicalRdata, isRdata, parseRdata } from './parse-rdata.ts'
import { printRdata } from './print-rdata.ts'

const origin = readName('example.') as Name

/** The rdata of one record, or its error with its hint. */
function read(text: string): { rtype: number; rdata: Uint8Array } | string {
  const { records, problems } = readMasterFile({ file: 'zone', text: `x 1 IN ${text}\n`, origin })
  const error = problems.find(({ severity }) => severity === 'error')
  if (error !== undefined) return error.hint === undefined ? error.message : `${error.message} (${error.hint})`
  return records[0]!
}

function octetsOf(text: string): number[] {
  const rr = read(text)
  return typeof rr === 'string' ? [] : [...rr.rdata]
}

describe('rdata is read and printed in its canonical text', () => {
  test.each([
    ['A 192.0.2.1', 'A 192.0.2.1'],
    ['AAAA 2001:DB8:0:0::1', 'AAAA 2001:db8::1'],
    ['NS ns', 'NS ns.example.'],
    [
      'SOA ns hostmaster 2024010101 2h 15M 1w3d 300',
      'SOA ns.example. hostmaster.example. 2024010101 7200 900 864000 300',
    ],
    ['MX 10 mail', 'MX 10 mail.example.'],
    ['TXT plain "with blank" "a\\"b" \\065\\; ""', 'TXT "plain" "with blank" "a\\"b" "A;" ""'],
    ['TXT "é\\200"', 'TXT "\\195\\169\\200"'],
    ['SRV 1 2 65535 .', 'SRV 1 2 65535 .'],
    ['CAA 128 issue "ca.example; account=7"', 'CAA 128 issue "ca.example; account=7"'],
    ['CAA 0 issue ;', undefined],
    ['CAA 0 issue ""', 'CAA 0 issue ""'],
    [
      'NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
      'NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
    ],
    ['SSHFP 4 2 AB cd', 'SSHFP 4 2 ABCD'],
    ['TLSA 3 1 1 (00 01\n 02)', 'TLSA 3 1 1 000102'],
    ['SMIMEA 3 1 1 00', 'SMIMEA 3 1 1 00'],
    ['DS 60485 RSASHA256 2 0aFF', 'DS 60485 8 2 0AFF'],
    ['CDS 0 0 0 00', 'CDS 0 0 0 00'],
    ['DNSKEY 257 3 13 AQID BAU=', 'DNSKEY 257 3 13 AQIDBAU='],
    ['CDNSKEY 0 3 0 AA==', 'CDNSKEY 0 3 0 AA=='],
    ['HINFO "RFC8482" ""', 'HINFO "RFC8482" ""'],
    ['RP admin info', 'RP admin.example. info.example.'],
    ['URI 10 1 "https://example/"', 'URI 10 1 "https://example/"'],
    ['NSEC a A MX RRSIG NSEC TYPE1234', 'NSEC a.example. A MX RRSIG NSEC TYPE1234'],
    [
      'RRSIG A 5 3 86400 20030322173103 20030220173103 2642 example.com. oJB1W6WN',
      'RRSIG A 5 3 86400 20030322173103 20030220173103 2642 example.com. oJB1W6WN',
    ],
    ['LOC 42 21 54 N 71 06 18 W -24m 30m', 'LOC 42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m'],
    ['LOC 0 N 180 W 0', 'LOC 0 0 0.000 N 180 0 0.000 W 0.00m 1.00m 10000.00m 10.00m'],
    ['TYPE65400 \\# 4 0a00 0001', 'TYPE65400 \\# 4 0A000001'],
    ['TYPE65400 \\# 0', 'TYPE65400 \\# 0'],
    ['A \\# 4 0a000001', 'A 10.0.0.1'],
    ['TYPE1 \\# 4 0a000001', 'A 10.0.0.1'],
    ['TYPE1 10.0.0.1', 'A 10.0.0.1'],
    ['MX \\# 5 000a016100', 'MX 10 a.'],
  ])('%s', (text, printed) => {
    const rr = read(text)
    if (typeof rr === 'string') expect(printed).toBeUndefined()
    else expect(`${printRtype(rr.rtype)} ${printRdata(rr.rtype, rr.rdata)}`).toBe(printed)
  })

  test('type bitmaps have the wire format of RFC 4034 section 4.3', () => {
    expect(octetsOf('NSEC host.example.com. A MX RRSIG NSEC TYPE1234').slice(18)).toEqual([
      0,
      6,
      0x40,
      1,
      0,
      0,
      0,
      3,
      4,
      0x1b,
      ...new Array<number>(26).fill(0),
      0x20,
    ])
  })

  test('LOC has the wire format of RFC 1876', () => {
    expect(octetsOf('LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m')).toEqual([
      0, 0, 0x16, 0x13, 0x8b, 0x3c, 0xf0, 0x18, 0x81, 0x0c, 0xbc, 0xe0, 0, 0x98, 0x95, 0xb8,
    ])
  })
})

describe('rdata that is wrong is refused, with a word on why', () => {
  test.each([
    [
      'A 192.0.2.256',
      "'192.0.2.256' is no IPv4 address (four numbers from 0 to 255 without leading zeros are expected)",
    ],
    ['A 2001:db8::1', "'2001:db8::1' is an IPv6 address (did you mean AAAA?)"],
    ['A www.example.', "'www.example.' is no IPv4 address (did you mean CNAME?)"],
    ['A', "the record ends after 'A', but an IPv4 address is expected"],
    ['A 192.0.2.1 192.0.2.2', "'192.0.2.2' is too much: the record should end before it (a comment begins with ;)"],
    ['AAAA 192.0.2.1', "'192.0.2.1' is an IPv4 address (did you mean A?)"],
    ['AAAA ::g', "'::g' is no IPv6 address"],
    ['NS a..b', "'a..b' is no name: a label is empty (two dots in a row)"],
    ['NS "ns"', "'ns' is no name: a name is not written in quotes"],
    ['MX mail', "'mail' is no preference: a number is expected"],
    ['MX 65536 mail', 'preference 65536 is above 65535'],
    ['SOA ns host 4294967296 1 1 1 1', 'serial 4294967296 is above 4294967295'],
    ['SOA ns host 1 1x 1 1 1', "'1x' is no refresh (write seconds, or 1h30m, 1W)"],
    ['SOA ns host 1 4000000000 1 1 1', 'refresh 4000000000 is above 2^31 - 1 seconds'],
    ['SOA ns host 1 1 1 1', "the record ends after '1', but minimum is expected"],
    [
      `TXT "${'x'.repeat(256)}"`,
      'a string of 256 octets is too long: 255 is the most (split it: "one part" "the next part")',
    ],
    ['TXT', "the record ends after 'TXT', but a string is expected"],
    ['TXT a\\999', "'a\\999' is no string: \\999 is no octet: three digits, at most 255"],
    ['CAA 0 is-sue "x"', "'is-sue' is no tag: letters and digits are expected"],
    ['TLSA 3 1 1', "the record ends after '1', but certificate data in hexadecimal is expected"],
    ['DS 1 8 2 ABC', "'ABC' does not begin a digest in hexadecimal"],
    ['DNSKEY 256 3 8 AQ', "'AQ' does not begin a public key in base 64"],
    ['DNSKEY 256 3 8 AR==', "'AR==' does not begin a public key in base 64"], // bits left over
    [
      'RRSIG A 5 3 1 20030230000000 20030220173103 1 . AA==',
      "'20030230000000' is no expiration (write YYYYMMDDHHmmSS in UTC)",
    ],
    ['NSEC a A NOTYPE', "'NOTYPE' is no type"],
    ['LOC 91 N 0 E 0', 'the angle is above 90 degrees'],
    ['LOC 1 60 N 0 E 0', "'60' is no part of an angle (such as 52 22 23.000 N)"],
    ['LOC 1 N 1 X 0', "'X' is no part of an angle (such as 52 22 23.000 N)"],
    ['A \\# 3 0a0000', 'the octets are no rdata of A'],
    ['A \\# 4 0a0000', 'the length is 4, but 3 octets follow'],
    ['A \\# x 00', "'x' is no length"],
    ['TYPE65400 \\# 1 0', 'the rdata after the length is not in hexadecimal'],
    ['MX \\# 4 000ac000', 'the octets are no rdata of MX'],
    ['TYPE65400 10.0.0.1', 'TYPE65400 records have no text form here (write the rdata as \\# LENGTH HEX)'],
    ['NSEC3 1 0 0 - ABC A', 'NSEC3 records have no text form here (write the rdata as \\# LENGTH HEX)'],
  ])('%s', (text, message) => expect(read(text)).toBe(message))
})

describe('parseRdata', () => {
  const scratch = new Writer(new Uint8Array(0xffff))

  test('decompresses names against the whole message', () => {
    const octets = Uint8Array.of(1, 97, 0, 0, 10, 1, 98, 0xc0, 0)
    const reader = new Reader(octets)
    reader.position = 3
    expect([...parseRdata(reader, Rtype.MX, 6, scratch)]).toEqual([0, 10, 1, 98, 1, 97, 0])
    expect([reader.short, reader.remaining]).toEqual([false, 0])
  })

  test.each<[string, number[]]>([
    ['A', [1, 2, 3]],
    ['A', [1, 2, 3, 4, 5]],
    ['NS', []],
    ['NS', [1, 97]],
    ['MX', [0, 10]],
    ['TXT', []],
    ['TXT', [2, 97]],
    ['SOA', [0, 0, 0]],
    ['NSEC', [0, 0, 0]], // an empty window
    ['NSEC', [0, 1, 1, 64, 0, 1, 64]], // windows out of order
    ['NSEC', [0, 0, 2, 64, 0]], // a trailing zero octet
    ['LOC', [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['SVCB', [0, 1, 0xc0, 0]],
  ])('%s of %j is malformed', (type, rdata) => {
    const reader = new Reader(Uint8Array.from(rdata))
    parseRdata(reader, rtypeOf(type)!, rdata.length, scratch)
    expect(reader.short).toBe(true)
    expect(isRdata(rtypeOf(type)!, Uint8Array.from(rdata))).toBe(false)
    expect(printRdata(rtypeOf(type)!, Uint8Array.from(rdata))).toMatch(/^\\# /)
  })

  test('any octets give rdata or a failed reader, and never throw', () => {
    const rtypes = Object.keys(anyRdata(anyName)).map(Number)
    fc.assert(
      fc.property(fc.constantFrom(...rtypes, Rtype.LOC), fc.uint8Array({ maxLength: 60 }), (rtype, octets) => {
        const reader = new Reader(octets)
        const rdata = parseRdata(reader, rtype, octets.length, scratch)
        return reader.short || isRdata(rtype, rdata)
      }),
      { numRuns: 3000 },
    )
  })

  test.each(Object.entries(anyRdata(anyName)))('well-formed rdata of type %s is parsed as it is', (rtype, rdata) => {
    fc.assert(
      fc.property(rdata, (octets) => {
        expect(isRdata(Number(rtype), octets)).toBe(true)
        expect(parseRdata(new Reader(octets), Number(rtype), octets.length, scratch)).toEqual(octets)
      }),
      { numRuns: 30 },
    )
  })
})

test('any record survives printing and reading', () => {
  fc.assert(
    fc.property(anyRr(anyName), (rr) => {
      const { records, problems } = readMasterFile({ file: 'zone', text: printRr(rr), origin })
      expect(problems).toEqual([])
      const { place, ...read } = records[0]!
      expect(read).toEqual(rr)
      expect(place).toEqual({ file: 'zone', line: 1, column: 1 })
    }),
    { numRuns: 1000 },
  )
})

test('canonical rdata has the names of older types in lower case, and only those', () => {
  const canonical = (text: string) => {
    const rr = read(text) as { rtype: number; rdata: Uint8Array }
    return printRdata(rr.rtype, canonicalRdata(rr.rtype, rr.rdata))
  }
  expect(canonical('MX 1 Mail.')).toBe('1 mail.')
  expect(canonical('SRV 1 1 1 Mail.')).toBe('1 1 1 mail.')
  expect(canonical('TXT Mail')).toBe('"Mail"')
  expect(canonical('HTTPS 1 Mail.')).toBe('1 Mail.')
  expect(canonical('NSEC Mail. A')).toBe('Mail. A')
})

test.each([
  ['NS Ns.a.', 'Ns.a.'],
  ['CNAME a.', 'a.'],
  ['DNAME a.', 'a.'],
  ['PTR a.', 'a.'],
  ['MX 1 a.', 'a.'],
  ['SRV 1 2 3 a.', 'a.'],
  ['HTTPS 1 . alpn=h2', '.'],
  ['SVCB 0 a.', 'a.'],
  ['TXT a.', undefined],
  ['A 192.0.2.1', undefined],
])('%s points at %s', (text, target) => {
  const rr = read(text) as { rtype: number; rdata: Uint8Array }
  const found = nameInRdata(rr.rtype, rr.rdata)
  expect(found === undefined ? undefined : printName(found)).toBe(target)
})
