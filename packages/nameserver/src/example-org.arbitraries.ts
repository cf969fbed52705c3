/** A zone with something of everything, steered names and three kinds of clients: what the tests of answers ask. */
import { type Message, printName, Rcode } from '@windrose/dns'
import { lines, type QueryParts, Scene } from './scene.arbitraries.ts'

const ZONE = `
@            MX    10 mail
@            TXT   "apex"
ns1          A     192.0.2.53
ns1          AAAA  2001:db8::53
www          A     192.0.2.1
mail         A     192.0.2.25
_sip._udp    SRV   1 2 5060 www
alias        CNAME www
two          CNAME alias
Mixed.Case   A     192.0.2.7
out          CNAME www.example.net.
gone         CNAME nope
bare         CNAME ent
loop1        CNAME loop2
loop2        CNAME loop1
self         CNAME self
to-web       CNAME web
to-six       CNAME six
to-wild      CNAME x.wild
to-sub       CNAME host.sub
deep.ent     A     192.0.2.8
*.wild       A     192.0.2.9
*.wild       MX    5 mail
no.wild      TXT   "blocks"
*.walias     CNAME web
*            TXT   "top wildcard"
old          DNAME new
host.new     A     192.0.2.10
x.new        CNAME www
sub          NS    ns.sub
sub          NS    ns.side
ns.sub       A     192.0.2.60
ns.side      A     192.0.2.61
below.sub    A     192.0.2.62
`

export const scene = (): Scene =>
  new Scene({
    zones: { 'example.org.': ZONE, 'example.com.': 'www A 192.0.2.101\ncross CNAME www.example.org.\n' },
    steer: {
      'web.example.org.': 'web',
      'six.example.org.': 'web6',
      'cdn.example.org.': 'cdn',
      'chain.example.org.': 'chain',
      'dead.example.org.': 'dead',
      'none.example.org.': 'none',
      '*.app.example.org.': 'web',
      'me.example.org.': 'whoami',
    },
    services: {
      web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } },
      web6: { pools: { fra: ['2001:db8:1::1'] }, policy: 'weighted' },
      cdn: { pools: { fra: ['www.cdn.example.net.'], iad: ['www.example.org.'] } },
      chain: { pools: { fra: ['web.example.org.'] }, policy: 'weighted' },
      dead: { pools: { fra: ['203.0.113.8 down'] }, policy: 'weighted', onAllDown: 'servfail' },
      none: { pools: { fra: ['203.0.113.8 down'] }, policy: 'weighted', onAllDown: 'nodata' },
    },
    clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
  })

export const SOA: string = 'example.org. 60 IN SOA ns1.example.org. hostmaster.example.org. 1 7200 1800 1209600 60'

/** What a response says, in a form to compare: rcode and AA, then the sections, line by line. */
export const told = (message: Message): string[] => {
  const rcode = Object.entries(Rcode).find(([, number]) => number === message.rcode)![0]
  return [
    `${rcode}${message.aa ? ' aa' : ''}${message.tc ? ' tc' : ''}`,
    ...lines(message.answers),
    ...lines(message.authorities).map((line) => `! ${line}`),
    ...lines(message.additionals).map((line) => `+ ${line}`),
  ]
}

export const ask = (question: string, parts: QueryParts = {}): string[] => {
  const response = scene().ask(question, parts)
  expect(response.questions.map(({ qname }) => printName(qname))).toEqual([question.split(' ')[0]])
  return told(response)
}
