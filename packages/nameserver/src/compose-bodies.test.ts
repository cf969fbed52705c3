import { BODY_WORDS, Body, bodyWord } from './body-image.ts'
import { lines, Scene } from './scene.arbitraries.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

const LONG = `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.`

describe('a body', () => {
  // The names begin at octets 283, 354, ... behind the longest question; 54 more, and one begins at 16,383, where a
  // pointer still reaches it, but not behind a question that is longer by one.
  test.each([52, 53, 54, 55])('with a name where pointers end to reach (%d) is right behind every question', (more) => {
    const servers = numbers(240).map((i) => {
      const extra = i < 9 ? Math.floor((more + i) / 9) : 0
      return `${'n'.repeat(52 + extra)}${1000 + i}.sub`
    })
    const delegation = servers.map((server, i) => `sub NS ${server}\n${server} A 10.0.0.${i}`).join('\n')
    const server = new Scene({ zones: { 'example.org.': delegation } })
    for (const below of ['', 'a.', LONG]) {
      const response = server.ask(`${below}sub.example.org. A`, { tcp: true })
      expect(lines(response.authorities)).toEqual(
        servers.map((name) => `sub.example.org. 300 IN NS ${name}.example.org.`),
      )
      expect(lines(response.additionals)).toEqual(servers.map((name, i) => `${name}.example.org. 300 IN A 10.0.0.${i}`))
    }
  })

  test.each(['exact', '*.wild'])('of more octets than any message has (at %s) is truncated, also over TCP', (owner) => {
    const texts = numbers(400).map((i) => `${owner} TXT "${String(i).padStart(200, '0')}"`)
    const server = new Scene({ zones: { 'example.org.': `${texts.join('\n')}\nother A 192.0.2.1\n` } })
    const question = `${owner.replace('*', 'a')}.example.org. TXT`
    for (const tcp of [true, false]) {
      expect(server.ask(question, { tcp, payload: 4096 })).toMatchObject({ tc: true, aa: true, answers: [] })
    }
    expect(lines(server.ask('other.example.org. A').answers)).toEqual(['other.example.org. 300 IN A 192.0.2.1'])
  })

  test('that just fits over TCP is whole', () => {
    // 12 octets of header and 21 of question; each record has 12 octets, a length octet and the text.
    const rest = 65535 - 12 - 21
    const texts = numbers(300).map((i) => `t TXT "${String(i).padStart(205, '0')}"`)
    const last = rest - 300 * (13 + 205) - 13
    const zone = (length: number): string => `${texts.join('\n')}\nt TXT "${'l'.repeat(length)}"\n`
    expect(
      new Scene({ zones: { 'exam.o.': zone(last + 4) } }).ask('t.exam.o. TXT', { tcp: true }).answers,
    ).toHaveLength(301)
    expect(new Scene({ zones: { 'exam.o.': zone(last + 9) } }).ask('t.exam.o. TXT', { tcp: true })).toMatchObject({
      tc: true,
      answers: [],
    })
  })

  test('of a CNAME is an answer by itself exactly where its target is not ours', () => {
    const zone =
      'in CNAME www\nwww A 192.0.2.1\nout CNAME www.example.net.\n*.w CNAME other.example.com.\nabove CNAME org.\n'
    const server = new Scene({ zones: { 'example.org.': zone } })
    const chained = (question: string): boolean => {
      const before = server.count('chains')
      expect(server.ask(question).answers[0]!.rtype).toBe(5)
      return server.count('chains') > before
    }
    expect(chained('in.example.org. A')).toBe(true)
    expect(chained('out.example.org. A')).toBe(false)
    expect(chained('a.b.w.example.org. A')).toBe(false)
    expect(chained('above.example.org. A')).toBe(false)
    expect(chained('in.example.org. CNAME')).toBe(false)
  })
})

test('the image lies on shared memory, a line of a cache for each body', () => {
  const { bodies } = new Scene({ zones: { 'example.org.': 'www A 192.0.2.1\n' } }).snapshot
  expect(bodies.words.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(bodies.octets.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(BODY_WORDS * 4).toBe(64)
  expect(Object.values(Body).every((word) => word < BODY_WORDS)).toBe(true)
  expect(bodyWord(bodies, bodies.rrsets, Body.authorities)).toBe(1)
})
