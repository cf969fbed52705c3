import { equalNames, printName, Rtype, rtypeOf } from '@windrose/dns'
import { readAddress, readPrefix } from '@windrose/ip'
import fc from 'fast-check'
import { type Explanation, explain } from './explain.ts'
import { lines, nameOf, Scene, scope } from './scene.arbitraries.ts'
import { anyClient, anyQuestion, anyScene } from './worlds.arbitraries.ts'

const scene = (): Scene =>
  new Scene({
    zones: {
      'example.org.':
        'www A 192.0.2.1\nalias CNAME app.web\nloop CNAME loop\nout CNAME x.\nsub NS ns.x.\nold DNAME web\n',
    },
    steer: { 'cdn.example.org.': 'cdn', '*.web.example.org.': 'web', 'me.example.org.': 'whoami' },
    services: {
      web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } },
      cdn: { pools: { fra: ['alias.example.org.'] }, policy: 'weighted' },
    },
    clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
  })

const why = (server: Scene, question: string, client?: string): Explanation => {
  const [qname, qtype] = question.split(' ')
  return explain(
    {
      qname: nameOf(qname!),
      qtype: rtypeOf(qtype!)!,
      resolver: readAddress('198.51.100.53')!,
      ...(client === undefined ? {} : { client: readPrefix(client)!.prefix }),
    },
    server.snapshot,
  )!
}

describe('an explanation', () => {
  test.each([
    ['www.example.org. A', ['www.example.org. rrset in example.org.']],
    ['www.example.org. ANY', ['www.example.org. rrset in example.org.']],
    ['www.example.org. MX', ['www.example.org. nodata in example.org.']],
    ['nope.example.org. A', ['nope.example.org. nxdomain in example.org.']],
    ['a.sub.example.org. A', ['a.sub.example.org. referral in example.org.']],
    ['example.com. A', ['example.com. outside']],
    ['out.example.org. A', ['out.example.org. cname in example.org.', 'x. outside']],
    ['loop.example.org. A', ['loop.example.org. cname in example.org.']],
    ['alias.example.org. CNAME', ['alias.example.org. rrset in example.org.']],
    [
      'x.old.example.org. A',
      ['x.old.example.org. dname in example.org.', 'x.web.example.org. steered in example.org.'],
    ],
    [
      'cdn.example.org. A',
      [
        'cdn.example.org. steered in example.org.',
        'alias.example.org. cname in example.org.',
        'app.web.example.org. steered in example.org.',
      ],
    ],
    ['me.example.org. TXT', ['me.example.org. whoami in example.org.']],
    ['me.example.org. A', ['me.example.org. whoami in example.org.']],
    ['me.example.org. MX', ['me.example.org. nodata in example.org.']],
  ])('of %s names what was found on the way', (question, expected) => {
    const { names } = why(scene(), question)
    const told = names.map(
      ({ owner, kind, zone }) => `${printName(owner)} ${kind}${zone ? ` in ${printName(zone)}` : ''}`,
    )
    expect(told).toEqual(expected)
  })

  test('of a steered name has the service, the client’s class, the scope and the decision', () => {
    const { response, names } = why(scene(), 'a.web.example.org. A', '81.2.3.0/24')
    expect(lines(response.answers)).toEqual(['a.web.example.org. 30 IN A 203.0.113.2'])
    expect(scope(response)).toBe(8)
    expect(names[0]).toMatchObject({ service: { name: 'web' }, clientClass: 2, classOf: { sites: [1] }, scope: 8 })
    expect(names[0]!.decision!.trace.map(({ stage }) => stage)).toContain('tier')
  })

  test('has no scope without a client subnet, and no class where the service does not ask for one', () => {
    const [first, , last] = why(scene(), 'cdn.example.org. A').names
    expect(last).not.toHaveProperty('scope')
    expect(last).toHaveProperty('clientClass', 0)
    expect(first).not.toHaveProperty('clientClass')
    expect(first).not.toHaveProperty('classOf')
  })

  test('of a chain that comes to nothing tells all of it', () => {
    const server = new Scene({
      zones: { 'example.org.': 'alias CNAME app\n' },
      steer: { 'app.example.org.': 'app' },
      services: { app: { pools: { fra: ['lost.example.net. alias'] }, policy: 'weighted' } },
    })
    const { response, names } = why(server, 'alias.example.org. A')
    expect([response.rcode, response.answers]).toEqual([2, []])
    expect(names.map(({ owner, kind }) => `${printName(owner)} ${kind}`)).toEqual([
      'alias.example.org. cname',
      'app.example.org. steered',
    ])
  })

  test('goes on to the name whose addresses are answered in the stead of an alias', () => {
    const server = new Scene({
      zones: { 'example.org.': '' },
      steer: { 'apex.example.org.': 'apex', 'web.example.org.': 'web' },
      services: {
        apex: { pools: { fra: ['web.example.org. alias'] }, policy: 'weighted' },
        web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } },
      },
      clients: { '81.0.0.0/8': ['iad'] },
    })
    const { response, names } = why(server, 'apex.example.org. A', '81.2.3.0/24')
    expect(lines(response.answers)).toEqual(['apex.example.org. 30 IN A 203.0.113.2'])
    expect(names.map(({ owner, service, scope }) => [printName(owner), service?.name, scope])).toEqual([
      ['apex.example.org.', 'apex', 0],
      ['web.example.org.', 'web', 8],
    ])
  })

  test('says which variant was drawn', () => {
    const server = new Scene({
      zones: { 'example.org.': '' },
      steer: { 'web.example.org.': 'web' },
      services: {
        web: { pools: { fra: ['203.0.113.1', '203.0.113.2', '203.0.113.3'] }, policy: 'weighted', answers: 1 },
      },
    })
    for (const draw of [0, 2 ** 31, 2 ** 32 - 1]) {
      const question = { qname: nameOf('web.example.org.'), qtype: 1, resolver: readAddress('::1')!, draw }
      const { response, names } = explain(question, server.snapshot)!
      const [endpoint] = names[0]!.decision!.variants[names[0]!.variant!]!.endpoints
      expect(lines(response.answers)[0]).toMatch(new RegExp(` ${endpoint!.label}$`))
    }
  })

  test('of a question that no message holds is none', () => {
    const qname = new Uint8Array(300).fill(1)
    qname[299] = 0
    expect(explain({ qname, qtype: 1, resolver: readAddress('::1')! }, scene().snapshot)).toBeUndefined()
  })
})

test('the addresses of a steered name are one of the variants of its decision, with its TTL and its scope', () => {
  fc.assert(
    fc.property(
      anyScene,
      fc.array(fc.tuple(anyQuestion, anyClient, fc.nat(2 ** 32 - 1)), { minLength: 10, maxLength: 20 }),
      (server, asked) => {
        for (const [question, client, draw] of asked) {
          const [qname, qtype] = question.replace(/^\w+\./, 'steered.').split(' ')
          const { prefix } = readPrefix(client)!
          const parts = {
            qname: nameOf(qname!),
            qtype: rtypeOf(qtype!)!,
            resolver: readAddress('192.0.2.53')!,
            client: prefix,
            draw,
          }
          const { response, names } = explain(parts, server.snapshot)!
          const last = names.at(-1)!
          if (last.decision === undefined) continue
          expect(scope(response)).toBe(Math.max(...names.map((name) => name.scope ?? 0)))
          const { variants, ttl } = last.decision
          const owned = response.answers.filter(({ owner }) => equalNames(owner, last.owner))
          const sets = variants.map(({ endpoints }) => endpoints.map(({ target }) => target.join('.')).join())
          if (variants.length === 0) expect(owned).toEqual([])
          else {
            expect(sets).toContain(owned.map(({ rdata }) => rdata.join('.')).join())
            expect(owned.every((record) => record.ttl === ttl && record.rtype !== Rtype.CNAME)).toBe(true)
          }
        }
      },
    ),
    { numRuns: 30 },
  )
})
