import { readPrefix } from '@windrose/ip'
import { parseClientSubnet } from './client-subnet.ts'
import { composeMessage } from './compose-message.ts'
import { readName } from './name-text.ts'
import { parseMessage } from './parse-message.ts'
import { queryMessage } from './query-message.ts'
import { Rtype } from './rtype.ts'

const qname = readName('www.example.org.') as Uint8Array

test.each([
  ['192.0.2.0/24', { family: 1, sourceLength: 24, address: Uint8Array.of(192, 0, 2) }],
  ['192.0.2.128/25', { family: 1, sourceLength: 25, address: Uint8Array.of(192, 0, 2, 128) }],
  ['2001:db8::/32', { family: 2, sourceLength: 32, address: Uint8Array.of(0x20, 1, 0x0d, 0xb8) }],
  ['0.0.0.0/0', { family: 1, sourceLength: 0, address: new Uint8Array(0) }],
])('a query for %s carries that subnet, with scope 0', (text, subnet) => {
  const octets = composeMessage(queryMessage({ qname, qtype: Rtype.A, client: readPrefix(text)!.prefix }))
  const message = parseMessage(octets)
  if ('malformed' in message) throw new Error(message.malformed)
  expect(parseClientSubnet(message.edns!.options[0]!.data)).toEqual({ ...subnet, scopeLength: 0 })
})

test('a query without a client has EDNS without options, one question and nothing else', () => {
  const octets = composeMessage(queryMessage({ qname, qtype: Rtype.AAAA, id: 7 }))
  expect(parseMessage(octets)).toMatchObject({
    id: 7,
    qr: false,
    questions: [{ qname, qtype: Rtype.AAAA, qclass: 1 }],
    answers: [],
    edns: { payloadSize: 1232, options: [] },
  })
})
