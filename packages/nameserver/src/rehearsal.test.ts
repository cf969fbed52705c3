import { composeMessage, printRr, Rtype, rtypeOf } from '@windrose/dns'
import { readAddress, readPrefix } from '@windrose/ip'
import fc from 'fast-check'
import { Rehearsal, type RehearsedQuestion, rehearse } from './rehearsal.ts'
import { nameOf, Scene, scope } from './scene.arbitraries.ts'
import { anyClient, anyQuestion, anyScene } from './worlds.arbitraries.ts'

const RESOLVER = '198.51.100.53'

function questionOf(text: string, client?: string): RehearsedQuestion {
  const [qname, qtype] = text.split(' ')
  return rehearse({
    qname: nameOf(qname!),
    qtype: rtypeOf(qtype!)!,
    resolver: readAddress(RESOLVER)!,
    ...(client === undefined ? {} : { client: readPrefix(client)!.prefix }),
  })
}

const scene = new Scene({
  zones: { 'example.org.': 'www A 192.0.2.1\nalias CNAME app.web\nold DNAME web\n' },
  steer: {
    'cdn.example.org.': 'cdn',
    '*.web.example.org.': 'web',
    'me.example.org.': 'whoami',
    's.example.org.': 'sticky',
  },
  services: {
    web: { pools: { fra: ['203.0.113.1 w3', '203.0.113.2'], iad: ['203.0.113.3'] }, answers: 1 },
    cdn: { pools: { fra: ['alias.example.org.', 'cdn.example.net. w3'] }, policy: 'weighted' },
    sticky: { pools: { fra: ['203.0.113.4', '203.0.113.5'] }, policy: 'consistent', answers: 1 },
  },
  clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
})

const answersTo = (text: string, client?: string): string[] =>
  new Rehearsal(scene.snapshot)
    .likelyAnswers(questionOf(text, client))
    .map(({ share, response }) =>
      [share, ...response.answers.map((rr) => printRr(rr).replace(/ \d+ IN/, ''))].join(', '),
    )

describe('likely answers', () => {
  test('are the variants of a decision with their shares', () => {
    expect(answersTo('a.web.example.org. A', '80.1.2.0/24')).toEqual([
      '0.75, a.web.example.org. A 203.0.113.1',
      '0.25, a.web.example.org. A 203.0.113.2',
    ])
  })

  test('of a chosen alias go on to what it leads to', () => {
    expect(answersTo('cdn.example.org. A', '80.1.2.0/24')).toEqual([
      '0.1875, cdn.example.org. CNAME alias.example.org., alias.example.org. CNAME app.web.example.org., app.web.example.org. A 203.0.113.1',
      '0.0625, cdn.example.org. CNAME alias.example.org., alias.example.org. CNAME app.web.example.org., app.web.example.org. A 203.0.113.2',
      '0.75, cdn.example.org. CNAME cdn.example.net.',
    ])
  })

  test.each(['www.example.org. A', 's.example.org. A', 'nope.example.org. A', 'example.com. A', 'me.example.org. TXT'])(
    '%s has one answer',
    (question) => expect(answersTo(question, '80.1.2.0/24').map((text) => text.split(',')[0])).toEqual(['1']),
  )
})

describe('the service that decides', () => {
  test.each([
    ['a.web.example.org. A', 'web'],
    ['alias.example.org. AAAA', 'web'],
    ['x.old.example.org. A', 'web'],
    ['cdn.example.org. A', 'cdn'],
    ['www.example.org. A', undefined],
    ['me.example.org. A', undefined],
    ['me.example.org. TXT', undefined],
    ['a.web.example.org. MX', undefined],
    ['example.com. A', undefined],
  ])('of %s is %s', (question, service) => {
    expect(new Rehearsal(scene.snapshot).steering(questionOf(question))?.service.name).toBe(service)
  })

  test("knows the client's own variant where it is picked by its bucket", () => {
    const rehearsal = new Rehearsal(scene.snapshot)
    const question = questionOf('s.example.org. A', '80.1.2.0/24')
    const { decision, variant } = rehearsal.steering(question)!
    const [answer] = rehearsal.likelyAnswers(question)
    expect(answer!.response.answers.map(({ rdata }) => rdata.join('.'))).toEqual([
      decision.variants[variant!]!.endpoints[0]!.label,
    ])
    expect(rehearsal.steering(questionOf('a.web.example.org. A', '80.1.2.0/24'))!.variant).toBeUndefined()
  })
})

const SAMPLES = 64

test('for any scene and question, likely answers are what is answered, as often as their shares say', () => {
  fc.assert(
    fc.property(anyScene, fc.array(fc.tuple(anyQuestion, anyClient), { minLength: 2, maxLength: 4 }), (any, asked) => {
      const rehearsal = new Rehearsal(any.snapshot)
      for (const [text, client] of asked) {
        const question = questionOf(text, client)
        const likely = new Map<string, number>()
        for (const { share, response } of rehearsal.likelyAnswers(question)) {
          const octets = composeMessage(response).join()
          likely.set(octets, (likely.get(octets) ?? 0) + share)
        }
        expect(Math.abs([...likely.values()].reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-9)
        // Chains that draw twice draw the same number here, so only what is drawn once can be counted.
        const counted = new Map<string, number>()
        for (let i = 0; i < SAMPLES; i++) {
          any.draws.splice(0, any.draws.length, ...Array(20).fill(Math.floor(((i + 0.5) / SAMPLES) * 2 ** 32)))
          const { id: _, ...message } = any.ask(text, { ecs: client, from: RESOLVER, tcp: true })
          const octets = composeMessage({ ...message, id: 0 }).join()
          counted.set(octets, (counted.get(octets) ?? 0) + 1)
          expect(rehearsal.source(question).scope).toBe(scope({ ...message, id: 0 }))
        }
        for (const octets of counted.keys()) expect(likely.has(octets)).toBe(true)
        if (question.qtype !== Rtype.A || likely.size > 8) continue
        for (const [octets, count] of counted)
          expect(Math.abs(count / SAMPLES - likely.get(octets)!)).toBeLessThan(2 / SAMPLES)
      }
    }),
    { numRuns: 40 },
  )
})

test('for any scene, questions of equal keys for one name have equal likely answers', () => {
  fc.assert(
    fc.property(anyScene, anyQuestion, fc.array(anyClient, { minLength: 8, maxLength: 20 }), (any, text, clients) => {
      const rehearsal = new Rehearsal(any.snapshot)
      const byKey = new Map<string, string>()
      for (const client of clients) {
        const question = questionOf(text, client)
        const answers = rehearsal
          .likelyAnswers(question)
          .map(({ share, response }) => [share, response.rcode, ...response.answers.map(printRr)].join(' '))
          .join('\n')
        const key = rehearsal.source(question).key
        expect(byKey.get(key) ?? answers).toBe(answers)
        byKey.set(key, answers)
      }
    }),
    { numRuns: 80 },
  )
})
