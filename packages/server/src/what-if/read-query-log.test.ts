import { printName, printRtype } from '@windrose/dns'
import { printAddress, printPrefix } from '@windrose/ip'
import fc from 'fast-check'
import { readQueryLog } from './read-query-log.ts'

/** `NAME TYPE CLIENT|- RESOLVER TIME|- COUNT` of each query that was read, then the bad lines. */
function read(text: string): string[] {
  const { queries, bad } = readQueryLog(text)
  return [
    ...queries.map(({ line, qname, qtype, client, resolver, timeMs, count }) =>
      [
        line,
        printName(qname),
        printRtype(qtype),
        client === undefined ? '-' : printPrefix(client),
        printAddress(resolver),
        timeMs ?? '-',
        count,
      ].join(' '),
    ),
    ...bad.map(({ line, reason }) => `${line}: ${reason}`),
  ]
}

test.each([
  ['www.example.org A 192.0.2.0/24', '1 www.example.org. A 192.0.2.0/24 127.0.0.1 - 1'],
  ['www.example.org. aaaa 2001:db8::1', '1 www.example.org. AAAA 2001:db8::1/128 127.0.0.1 - 1'],
  ['www.example.org\tMX', '1 www.example.org. MX - 127.0.0.1 - 1'],
  ['www.example.org', '1 www.example.org. A - 127.0.0.1 - 1'],
  ['www.example.org A 192.0.2.1 198.51.100.53', '1 www.example.org. A 192.0.2.1/32 198.51.100.53 - 1'],
  ['{"name":"a.example","type":"AAAA","client":"192.0.2.0/24"}', '1 a.example. AAAA 192.0.2.0/24 127.0.0.1 - 1'],
  ['{"name":"a.example","resolver":"2001:db8::53","count":12,"rcode":0}', '1 a.example. A - 2001:db8::53 - 12'],
  ['{"name":"a.example","client":null,"time":1.5}', '1 a.example. A - 127.0.0.1 1500 1'],
  ['{"name":"a.example","time":"2026-03-01T00:00:01Z"}', '1 a.example. A - 127.0.0.1 1772323201000 1'],
])('%s is read', (line, query) => expect(read(line)).toEqual([query]))

test.each([
  ['www..example A 192.0.2.1', /^1: "www\.\.example" is not a domain name: /],
  ['www.example.org A 192.0.2.0/33', /^1: the client "192\.0\.2\.0\/33" is not an address or a prefix/],
  ['www.example.org B 192.0.2.1', /^1: "B" is not a record type/],
  ['www.example.org A 192.0.2.1 dns', /^1: the resolver "dns" is not an address/],
  ['www.example.org A 192.0.2.1 192.0.2.53 more', /^1: it has 5 words/],
  ['{"name":', /^1: it begins like JSON and is none: /],
  ['{"type":"A"}', /^1: there is no name in it/],
  ['{"name":"a.example","client":7}', /^1: the client "7"/],
  ['{"name":"a.example","time":"yesterday"}', /^1: the time "yesterday"/],
  ['{"name":"a.example","count":0}', /^1: the count "0" is not above 0/],
])('%s is bad, and the rest goes on', (line, reason) => {
  const [good, bad] = read(`${line}\n\n# a remark\r\nwww.example.org A\n`)
  expect(good).toBe('4 www.example.org. A - 127.0.0.1 - 1')
  expect(bad).toMatch(reason)
})

test('any text is read without an error, and each line is a query, bad, or nothing', () => {
  const anyLine = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom('www.example.org A 192.0.2.1', '{"name":"a.example"}', '', '#'),
    fc.object().map((value) => JSON.stringify({ name: 'a.example', ...value })),
  )
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 8 }), (lines) => {
      const { queries, bad } = readQueryLog(lines.join('\n'))
      const numbers = [...queries, ...bad].map(({ line }) => line)
      expect(new Set(numbers).size).toBe(numbers.length)
    }),
  )
})
