import dns2 from 'dns2'
import { composeQuery, Scene } from './scene.arbitraries.ts'

/** Another implementation reads our responses: mostly about compression, which it resolves by itself. */

const scene = new Scene({
  zones: {
    'example.org.': `
@        MX    10 mail
@        MX    20 mail.backup
mail     A     192.0.2.25
mail     AAAA  2001:db8::25
mail.backup A  192.0.2.26
www      A     192.0.2.1
www      A     192.0.2.2
text     TXT   "some text"
alias    CNAME two
two      CNAME www
*.wild   MX    5 mail
_sip._tcp SRV  1 2 5060 www
sub      NS    ns.sub
ns.sub   A     192.0.2.60
old      DNAME new
x.new    A     192.0.2.9
`,
  },
  steer: { 'steered.example.org.': 'web', '*.steered.example.org.': 'web' },
  services: { web: { pools: { fra: ['203.0.113.1', '203.0.113.2', '2001:db8:1::1'] } } },
})

const LONG = `${'l'.repeat(63)}.${'m'.repeat(63)}.${'n'.repeat(63)}`

/** Every field that differs between types, in one line a record, as dns2 sees it. */
function read(question: string): string[] {
  const response = scene.send(composeQuery(question, { payload: 4096, ecs: '192.0.2.0/24' }), { tcp: true })!
  const packet = dns2.Packet.parse(Buffer.from(response))
  expect(packet.errors).toEqual([])
  expect(packet.header).toMatchObject({ qr: 1, id: 0x1234 })
  expect(packet.questions[0]!.name).toBe(question.split(' ')[0]!.slice(0, -1))
  const sections = { '': packet.answers, '! ': packet.authorities, '+ ': packet.additionals }
  return Object.entries(sections).flatMap(([mark, records]) =>
    records
      .filter(({ type }) => type !== dns2.Packet.TYPE.EDNS)
      .map((record) => {
        const {
          name,
          type,
          ttl,
          address,
          domain,
          ns,
          exchange,
          priority,
          target,
          port,
          primary,
          admin,
          minimum,
          data,
        } = record as unknown as Record<string, unknown>
        const rdata = [address, domain, ns, priority, exchange, target, port, primary, admin, minimum, data]
        const known = rdata.filter((field) => field !== undefined)
        return `${mark}${name} ${ttl} ${type} ${known.join(' ')}`
      }),
  )
}

test.each([
  ['www.example.org. A', ['www.example.org 300 1 192.0.2.1', 'www.example.org 300 1 192.0.2.2']],
  ['Text.Example.org. TXT', ['Text.Example.org 300 16 some text']],
  [
    'example.org. MX',
    [
      'example.org 300 15 10 mail.example.org',
      'example.org 300 15 20 mail.backup.example.org',
      '+ mail.example.org 300 1 192.0.2.25',
      '+ mail.example.org 300 28 2001:db8::25',
      '+ mail.backup.example.org 300 1 192.0.2.26',
    ],
  ],
  [
    'alias.example.org. A',
    [
      'alias.example.org 300 5 two.example.org',
      'two.example.org 300 5 www.example.org',
      'www.example.org 300 1 192.0.2.1',
      'www.example.org 300 1 192.0.2.2',
    ],
  ],
  [
    `${LONG}.wild.example.org. MX`,
    [
      `${LONG}.wild.example.org 300 15 5 mail.example.org`,
      '+ mail.example.org 300 1 192.0.2.25',
      '+ mail.example.org 300 28 2001:db8::25',
    ],
  ],
  [
    'a.wild.example.org. MX',
    [
      'a.wild.example.org 300 15 5 mail.example.org',
      '+ mail.example.org 300 1 192.0.2.25',
      '+ mail.example.org 300 28 2001:db8::25',
    ],
  ],
  [
    `${LONG}.sub.example.org. A`,
    ['! sub.example.org 300 2 ns.sub.example.org', '+ ns.sub.example.org 300 1 192.0.2.60'],
  ],
  [`${LONG}.www.example.org. A`, ['! example.org 60 6 ns1.example.org hostmaster.example.org 60']],
  ['n.example.org. A', ['! example.org 60 6 ns1.example.org hostmaster.example.org 60']],
  ['x.steered.example.org. A', ['x.steered.example.org 30 1 203.0.113.1', 'x.steered.example.org 30 1 203.0.113.2']],
  ['steered.example.org. AAAA', ['steered.example.org 30 28 2001:db8:1::1']],
])('another implementation reads the response to %s as we mean it', (question, expected) => {
  expect(read(question).sort()).toEqual([...expected].sort())
})
