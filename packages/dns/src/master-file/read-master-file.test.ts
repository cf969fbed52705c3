import fc from 'fast-check'
import { anyName, anyRr } from '../dns.arbitraries.ts'
import { type Name, nameKey } from '../name.ts'
import { readName } from '../name-text.ts'
import { printRr } from '../print-rr.ts'
import type { Problem } from '../problem.ts'
import { canonicalRdata } from '../rdata/parse-rdata.ts'
import type { Rr } from '../rr.ts'
import { readMasterFile } from './read-master-file.ts'
import type { Include } from './reading.ts'

const origin = readName('example.org.') as Name

function read(text: string, include?: Include): { records: string[]; problems: string[]; raw: Problem[] } {
  const { records, problems } = readMasterFile({
    file: 'zone',
    text,
    origin,
    ...(include === undefined ? {} : { include }),
  })
  return { records: records.map(printRr), problems: problems.map(print), raw: problems }
}

function print({ severity, place, message, hint }: Problem): string {
  const where = `${place.file}:${place.line}:${place.column}`
  return `${where} ${severity}: ${message}${hint === undefined ? '' : ` (${hint})`}`
}

describe('a whole file', () => {
  test('is read with every kind of short form', () => {
    const { records, problems } = read(`
$TTL 1h            ; for what says nothing
@       IN SOA ns1 hostmaster.example.org. (
                2024010101      ; serial
                2h 15m 1w 5m )  ; refresh retry expire minimum
        NS      ns1
        NS      ns2.example.net.
ns1     A       192.0.2.1
        300 IN AAAA 2001:db8::1
www     IN 60 A 192.0.2.2
        60 IN A 192.0.2.3
*.app   1m A    192.0.2.4
$ORIGIN sub
@       TXT     one "two ; not a comment" ( three
                four )
a.b     CNAME   @
$ORIGIN .
c       in a    192.0.2.5
`)
    expect(problems).toEqual([])
    expect(records).toEqual([
      'example.org. 3600 IN SOA ns1.example.org. hostmaster.example.org. 2024010101 7200 900 604800 300',
      'example.org. 3600 IN NS ns1.example.org.',
      'example.org. 3600 IN NS ns2.example.net.',
      'ns1.example.org. 3600 IN A 192.0.2.1',
      'ns1.example.org. 300 IN AAAA 2001:db8::1',
      'www.example.org. 60 IN A 192.0.2.2',
      'www.example.org. 60 IN A 192.0.2.3',
      '*.app.example.org. 60 IN A 192.0.2.4',
      'sub.example.org. 3600 IN TXT "one" "two ; not a comment" "three" "four"',
      'a.b.sub.example.org. 3600 IN CNAME sub.example.org.',
      'c. 3600 IN A 192.0.2.5',
    ])
  })

  test('says everything that is wrong with it, in one go, each with its line', () => {
    const { problems, raw } = read(`$TTL 300
@ SOA ns1 hostmaster 1 2 3 4 5
x AAA ::1
y A 999.1.1.1
a..b A 192.0.2.1
  A 192.0.2.2
q TXT "open
$TLL 5
m MX 10 mail (
w CH A 192.0.2.1
`)
    expect(problems).toEqual([
      "zone:3:3 error: 'AAA' is no type (did you mean AAAA?)",
      "zone:4:5 error: '999.1.1.1' is no IPv4 address (four numbers from 0 to 255 without leading zeros are expected)",
      "zone:5:1 error: 'a..b' is no name: a label is empty (two dots in a row)",
      'zone:7:7 error: this quote is not closed on its line',
      "zone:8:1 error: '$TLL' is no directive (did you mean $TTL?)",
      'zone:9:14 error: this parenthesis is not closed before the end of the file',
      'zone:10:3 error: class CH: only class IN is served',
    ])
    expect(raw[1]!.sourceLine).toBe('y A 999.1.1.1')
  })
})

describe('the head of a record', () => {
  test.each([
    ['a 1 IN A 192.0.2.1', 'a.example.org. 1 IN A 192.0.2.1'],
    ['a IN 1 A 192.0.2.1', 'a.example.org. 1 IN A 192.0.2.1'],
    ['a 1 A 192.0.2.1', 'a.example.org. 1 IN A 192.0.2.1'],
    ['a CLASS1 1 TYPE1 192.0.2.1', 'a.example.org. 1 IN A 192.0.2.1'],
    ['10 1 A 192.0.2.1', '10.example.org. 1 IN A 192.0.2.1'],
    ['in 1 in A 192.0.2.1', 'in.example.org. 1 IN A 192.0.2.1'],
    ['\\$a 1 A 192.0.2.1', '\\$a.example.org. 1 IN A 192.0.2.1'],
    ['a 2147483647 A 192.0.2.1', 'a.example.org. 2147483647 IN A 192.0.2.1'],
  ])('%s', (text, printed) => expect(read(text)).toMatchObject({ records: [printed], problems: [] }))

  test.each([
    ['a 2147483648 A 192.0.2.1', 'zone:1:3 error: the TTL 2147483648 is above 2^31 - 1 seconds'],
    ['a 1 1 A 192.0.2.1', "zone:1:5 error: '1' is no type"],
    ['a 1 IN', "zone:1:5 error: the record ends after 'IN', but a type is expected"],
    ['a', "zone:1:1 error: the record ends after 'a', but a type is expected"],
    ['a 1 HS A 192.0.2.1', 'zone:1:5 error: class HS: only class IN is served'],
    ['a 1 ANY ANY', 'zone:1:5 error: ANY exists in messages only, not in zones'],
    ['a 1 OPT \\# 0', 'zone:1:5 error: OPT exists in messages only, not in zones'],
    ['a 1 "A" 192.0.2.1', "zone:1:5 error: 'A' is no type"],
    ['"a" 1 A 192.0.2.1', "zone:1:1 error: 'a' is no name: a name is not written in quotes"],
    ['a 1 CNMAE b', "zone:1:5 error: 'CNMAE' is no type (did you mean CNAME?)"],
    ['a 1 QQ b', "zone:1:5 error: 'QQ' is no type"],
    [
      ' 1 A 192.0.2.1',
      'zone:1:2 error: the line begins with a blank, which stands for the last owner, but there is none yet in this file',
    ],
    [
      'a A 192.0.2.1',
      'zone:1:3 error: the record has no TTL, and none is known yet (put $TTL 300 at the top of the file)',
    ],
    [
      'a 1 A 192.0.2.1\nA 192.0.2.1',
      "zone:2:3 error: '192.0.2.1' is no type ('A' is read as the owner; begin the line with a blank for the last owner)",
    ],
    [
      'a 1 A 192.0.2.1\n wwww 1 A 192.0.2.1',
      "zone:2:2 error: 'wwww' is no type (the line begins with a blank, so it has no owner of its own)",
    ],
    ['a 1 A 192.0.2.1\n $TTL 5', "zone:2:2 error: '$TTL' is no type (a directive begins in the first column)"],
  ])('%s is refused', (text, problem) => expect(read(text).problems).toEqual([problem]))

  test('an owner that cannot be read is blamed once, not again for each record that leaves it blank', () => {
    expect(read('a..b 1 A 192.0.2.1\n 1 A 192.0.2.2\n 1 A 192.0.2.300').problems).toHaveLength(2)
  })
})

describe('a TTL that a record does not give', () => {
  const soa = 'SOA ns host 1 2 3 4 77'
  test.each([
    ['is $TTL', `$TTL 5\n@ 9 ${soa}\na A 192.0.2.1`, 5],
    ['is the $TTL that was given last', `$TTL 5\n$TTL 1m\na A 192.0.2.1`, 60],
    ['is the last TTL where there is no $TTL', `@ 9 ${soa}\na A 192.0.2.1`, 9],
    ['is the SOA minimum where there is nothing else', `@ ${soa}\na A 192.0.2.1`, 77],
    ['is the last TTL, once one was given', `@ ${soa}\na 8 A 192.0.2.1\nb A 192.0.2.1`, 8],
  ])('%s', (_, text, ttl) => {
    const { records, problems } = read(text)
    expect(problems).toEqual([])
    expect(records[records.length - 1]).toContain(` ${ttl} IN A `)
  })
})

describe('RRsets', () => {
  test('get the lowest of differing TTLs, with a warning', () => {
    const { records, problems } = read('a 9 A 192.0.2.1\na 5 A 192.0.2.2\nA 7 A 192.0.2.3\na 7 AAAA ::1')
    expect(records.map((record) => record.split(' ')[1])).toEqual(['5', '5', '5', '7'])
    expect(problems).toEqual([
      'zone:2:1 warning: this A record of a.example.org. has the TTL 5, but one before it has 9: all get 5',
      'zone:3:1 warning: this A record of A.example.org. has the TTL 7, but one before it has 5: all get 5',
    ])
  })

  test('lose duplicates, with a warning; names are compared without regard to case', () => {
    const { records, problems } = read('a 9 MX 1 m\nA 9 MX 1 M\na 9 TXT m\na 9 TXT M')
    expect(records).toHaveLength(3)
    expect(problems).toEqual(['zone:2:1 warning: this MX record of A.example.org. is there already and is dropped'])
  })

  test('of signatures are told apart by the type that they cover', () => {
    const rrsig = (type: string, ttl: number) => `a ${ttl} RRSIG ${type} 8 2 1 20300101000000 20200101000000 1 . AA==`
    expect(read(`${rrsig('A', 1)}\n${rrsig('MX', 2)}`).problems).toEqual([])
  })
})

describe('a final dot that seems to be missing', () => {
  test('is warned of, for owners and in rdata', () => {
    expect(read('www.example.org 1 CNAME a.example.org').problems).toEqual([
      "zone:1:1 warning: 'www.example.org' is relative and becomes www.example.org.example.org. (names are relative to $ORIGIN; a final dot is missing?)",
      "zone:1:25 warning: 'a.example.org' is relative and becomes a.example.org.example.org. (names are relative to $ORIGIN; a final dot is missing?)",
    ])
  })

  test('is not suspected of names that only look alike, or below an origin of one label', () => {
    expect(read('badexample.org 1 CNAME example.org.\n$ORIGIN lan.\nlan 1 CNAME lan').problems).toEqual([])
  })
})

describe('directives', () => {
  test.each([
    ['$TTL', 'zone:1:1 error: $TTL needs a TTL'],
    ['$TTL x', "zone:1:6 error: 'x' is no TTL (write seconds, or 1h30m, 1W)"],
    ['$TTL 2147483648', 'zone:1:6 error: the TTL 2147483648 is above 2^31 - 1 seconds'],
    ['$TTL 1 2', "zone:1:8 error: '2' is too much after $TTL"],
    ['$ORIGIN', 'zone:1:1 error: $ORIGIN needs a name'],
    ['$ORIGIN a..b', "zone:1:9 error: 'a..b' is no name: a label is empty (two dots in a row)"],
    ['$INCLUDE', 'zone:1:1 error: $INCLUDE needs a file'],
    ['$INCLUDE a b c', "zone:1:14 error: 'c' is too much after $INCLUDE"],
    ['$INCLUDE a b..', "zone:1:12 error: 'b..' is no name: a label is empty (two dots in a row)"],
    ['$INCLUDE a', "zone:1:10 error: cannot include 'a': $INCLUDE is not possible here"],
    [
      '$dollar 1 A 192.0.2.1',
      "zone:1:1 error: '$dollar' is no directive (for a name that begins with $ write \\$dollar)",
    ],
  ])('%s is refused', (text, problem) => expect(read(text).problems).toEqual([problem]))

  test('are read in any case', () =>
    expect(read('$ttl 5\n$origin x.\na A 192.0.2.1').records).toEqual(['a.x. 5 IN A 192.0.2.1']))
})

describe('$INCLUDE', () => {
  const from =
    (files: Record<string, string>): Include =>
    (path) => {
      const text = files[path]
      return text === undefined ? { problem: 'no such file' } : { file: path, text }
    }

  test('reads the other file with the origin that it names, and comes back to its own origin and owner', () => {
    const include = from({
      'dir/a b': '@ 1 A 192.0.2.1\n$ORIGIN deep.\nx 1 A 192.0.2.2',
      plain: 'y 1 A 192.0.2.3\n$TTL 9',
    })
    const text = 'a 1 A 192.0.2.9\n$INCLUDE "dir/a b" sub ; comment\n 1 A 192.0.2.10\n$INCLUDE plain\nz A 192.0.2.4'
    expect(read(text, include)).toMatchObject({
      problems: [],
      records: [
        'a.example.org. 1 IN A 192.0.2.9',
        'sub.example.org. 1 IN A 192.0.2.1',
        'x.deep. 1 IN A 192.0.2.2',
        'a.example.org. 1 IN A 192.0.2.10',
        'y.example.org. 1 IN A 192.0.2.3',
        'z.example.org. 9 IN A 192.0.2.4', // $TTL stays, as in BIND
      ],
    })
  })

  test('tells the callback who includes, and places problems in the included file', () => {
    const asked: string[][] = []
    const include: Include = (path, from) => {
      asked.push([path, from])
      return { file: `/zones/${path}`, text: path === 'one' ? '$INCLUDE two' : '\na 1 B x' }
    }
    expect(read('$INCLUDE one', include).problems).toEqual(["/zones/two:2:5 error: 'B' is no type"])
    expect(asked).toEqual([
      ['one', 'zone'],
      ['two', '/zones/one'],
    ])
  })

  test('does not follow a circle', () => {
    expect(read('$INCLUDE a', from({ a: '$INCLUDE b', b: '$INCLUDE a' })).problems).toEqual([
      'b:1:10 error: the file includes itself: a -> b -> a',
    ])
    expect(read('$INCLUDE zone', from({ zone: '' })).problems).toEqual([
      'zone:1:10 error: the file includes itself: zone -> zone',
    ])
  })

  test('goes down 16 files and no further', () => {
    const include: Include = (path) => ({ file: path, text: `a${path} 1 A 192.0.2.1\n$INCLUDE ${Number(path) + 1}` })
    const { records, problems } = read('$INCLUDE 1', include)
    expect(records).toHaveLength(16)
    expect(problems).toEqual(['16:2:10 error: files include files to a depth of more than 16'])
  })

  test('may include one file twice, and says what the callback says', () => {
    const include = from({ a: 'x 1 A 192.0.2.1' })
    expect(read('$INCLUDE a one\n$INCLUDE a two\n$INCLUDE b', include)).toMatchObject({
      records: ['x.one.example.org. 1 IN A 192.0.2.1', 'x.two.example.org. 1 IN A 192.0.2.1'],
      problems: ["zone:3:10 error: cannot include 'b': no such file"],
    })
  })
})

describe('$GENERATE', () => {
  test.each<[string, string[]]>([
    ['1-3 h$ 1 A 192.0.2.$', ['h1 1 IN A 192.0.2.1', 'h2 1 IN A 192.0.2.2', 'h3 1 IN A 192.0.2.3']],
    [`0-4/2 $ 1 IN PTR h\${10,4,x}`, ['0 1 IN PTR h000a', '2 1 IN PTR h000c', '4 1 IN PTR h000e']],
    [`8-8 a\${-3}b$$\\$ 1 TXT "$ \${0,2,o} \${20,0,X}"`, ['a5b\\$\\$ 1 IN TXT "8 10 1C"']],
  ])('%s', (text, expected) => {
    const { records, problems } = read(`$GENERATE ${text}`)
    expect(problems).toEqual([])
    expect(records.map((record) => record.replaceAll('.example.org.', ''))).toEqual(expected)
  })

  test.each([
    ['', 'zone:1:1 error: $GENERATE needs a range and a record (such as $GENERATE 1-9 host-$ A 192.0.2.$)'],
    [
      '5-1 a$ 1 A 192.0.2.1',
      "zone:1:11 error: '5-1' is no range: it ends before it starts (such as $GENERATE 1-9 host-$ A 192.0.2.$)",
    ],
    [
      '1-5/0 a$ 1 A 192.0.2.1',
      "zone:1:11 error: '1-5/0' is no range: the step is zero (such as $GENERATE 1-9 host-$ A 192.0.2.$)",
    ],
    [
      '0-65536 a$ 1 A 192.0.2.1',
      "zone:1:11 error: '0-65536' is no range: it makes more than 65536 records (such as $GENERATE 1-9 host-$ A 192.0.2.$)",
    ],
    [
      'x a$ 1 A 192.0.2.1',
      "zone:1:11 error: 'x' is no range: START-STOP or START-STOP/STEP is expected (such as $GENERATE 1-9 host-$ A 192.0.2.$)",
    ],
    [
      `1-2 a\${x} 1 A 192.0.2.1`,
      `zone:1:15 error: 'a\${x}': a modifier is \${offset,width,base} with base d, o, x or X`,
    ],
    [
      `1-2 a\${-2} 1 A 192.0.2.1`,
      `zone:1:15 error: 'a\${-2}': a modifier is \${offset,width,base} with base d, o, x or X`,
    ],
    [
      '254-300 a$ 1 A 192.0.2.$',
      "zone:1:26 error: '192.0.2.256' is no IPv4 address (four numbers from 0 to 255 without leading zeros are expected)",
    ],
  ])('%s is refused', (text, problem) => expect(read(`$GENERATE ${text}`).problems).toEqual([problem]))

  test('a warning comes once and does not end the series', () => {
    const { records, problems } = read('$GENERATE 1-3 a$ 1 CNAME b.example.org')
    expect([records.length, problems.length]).toEqual([3, 1])
  })
})

describe('any file', () => {
  test('of printed records is read as those records, but for duplicates', () => {
    fc.assert(
      fc.property(fc.array(anyRr(anyName), { maxLength: 8 }), (rrs) => {
        const seen = new Set<string>()
        const unique = rrs.filter((rr) => {
          const key = `${nameKey(rr.owner)} ${rr.rtype} ${canonicalRdata(rr.rtype, rr.rdata)}`
          return !seen.has(key) && seen.add(key)
        })
        // One TTL for all, or RRsets would get their lowest.
        const print = (rr: Rr): string => printRr({ ...rr, ttl: 7 })
        expect(read(rrs.map(print).join('\n')).records).toEqual(unique.map(print))
      }),
      { numRuns: 200 },
    )
  })

  test('of any words gives records and placed problems, and never throws', () => {
    const word = fc.constantFrom(
      ...[
        'a',
        'www',
        '@',
        ' ',
        '\n',
        '\n',
        '\t',
        '(',
        ')',
        '"',
        ';',
        '\\',
        '$',
        '$TTL',
        '$ORIGIN',
        '$GENERATE',
        '1-3',
        '60',
        '1h',
        'IN',
        'A',
      ],
      ...[
        '192.0.2.1',
        'AAAA',
        '::1',
        'MX',
        'TXT',
        'SVCB',
        'alpn=',
        'mandatory=alpn',
        'LOC',
        'NSEC',
        '\\#',
        '4',
        'ff',
        '\u00e9',
        '\\300',
      ],
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(' ', ' ', '')), { maxLength: 60 }), (words) => {
        const text = words.flat().join('')
        const { records, problems } = readMasterFile({ file: 'zone', text, origin })
        const lines = text.split('\n').length
        for (const { place } of [...records, ...problems]) {
          expect(place.line).toBeGreaterThanOrEqual(1)
          expect(place.line).toBeLessThanOrEqual(lines)
          expect(place.column).toBeGreaterThanOrEqual(1)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
