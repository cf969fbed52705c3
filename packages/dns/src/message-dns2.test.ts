import dns2 from 'dns2'
import fc from 'fast-check'
import { composeClientSubnet } from './client-subnet.ts'
import { composeMessage } from './compose-message.ts'
import { EdnsOption } from './edns-option.ts'
import { readMasterFile } from './master-file/read-master-file.ts'
import type { Message } from './message.ts'
import { type Name, ROOT } from './name.ts'
import { readName } from './name-text.ts'
import { parseMessage } from './parse-message.ts'
import { printRr } from './print-rr.ts'
import type { Rr } from './rr.ts'
import { Rtype } from './rtype.ts'

/** dns2 is a codec by others: what it composes we parse, what we compose it parses, and both mean the same. */

/** One record: its rdata in our text and in the fields of dns2. */
interface Pair {
  readonly rtype: keyof typeof Rtype
  readonly text: string
  readonly fields: object
}

// Labels without dots: dns2 joins labels with dots and cannot tell them apart.
const label = fc.stringMatching(/^[a-z0-9_-]{1,12}$/)
const name = fc
  .array(fc.oneof(label, fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 4 })
  .map((labels) => labels.join('.'))
// No dotted quad: dns2 takes it for one group.
const group = fc.nat(0xffff).map((value) => value.toString(16))
const ipv6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'))
const u16 = fc.nat(0xffff)
const u32 = fc.nat(0x7fffffff)
const text = fc.stringMatching(/^[ !#-[\]-~]{0,40}$/)

const pair: fc.Arbitrary<Pair> = fc.oneof(
  fc.ipV4().map((address) => ({ rtype: 'A', text: address, fields: { address } }) as const),
  ipv6.map((address) => ({ rtype: 'AAAA', text: address, fields: { address } }) as const),
  name.map((ns) => ({ rtype: 'NS', text: `${ns}.`, fields: { ns } }) as const),
  name.map((domain) => ({ rtype: 'CNAME', text: `${domain}.`, fields: { domain } }) as const),
  name.map((domain) => ({ rtype: 'PTR', text: `${domain}.`, fields: { domain } }) as const),
  fc
    .tuple(u16, name)
    .map(
      ([priority, exchange]) =>
        ({ rtype: 'MX', text: `${priority} ${exchange}.`, fields: { priority, exchange } }) as const,
    ),
  fc
    .array(text, { minLength: 1, maxLength: 3 })
    .map((data) => ({ rtype: 'TXT', text: data.map((each) => `"${each}"`).join(' '), fields: { data } }) as const),
  fc.tuple(u16, u16, u16, name).map(
    ([priority, weight, port, target]) =>
      ({
        rtype: 'SRV',
        text: `${priority} ${weight} ${port} ${target}.`,
        fields: { priority, weight, port, target },
      }) as const,
  ),
  fc.tuple(name, name, u32, u32, u32).map(
    ([primary, admin, serial, refresh, minimum]) =>
      ({
        rtype: 'SOA',
        text: `${primary}. ${admin}. ${serial} ${refresh} 3 4 ${minimum}`,
        fields: { primary, admin, serial, refresh, retry: 3, expiration: 4, minimum },
      }) as const,
  ),
  text.map(
    (value) => ({ rtype: 'CAA', text: `0 issue "${value}"`, fields: { flags: 0, tag: 'issue', value } }) as const,
  ),
)

const message = fc.record({
  id: u16,
  qname: name,
  records: fc.array(fc.record({ owner: name, ttl: u32, pair }), { maxLength: 6 }),
})
type Sample = typeof message extends fc.Arbitrary<infer Value> ? Value : never

function ours({ id, qname, records }: Sample): Message {
  const answers = records.map(({ owner, ttl, pair }): Rr => {
    const { records, problems } = readMasterFile({
      file: 'text',
      text: `${owner}. ${ttl} ${pair.rtype} ${pair.text}`,
      origin: ROOT,
    })
    expect(problems).toEqual([])
    return records[0]!
  })
  const flags = { qr: true, aa: true, tc: false, rd: false, ra: false, z: false, ad: false, cd: false }
  const questions = [{ qname: readName(`${qname}.`) as Name, qtype: Rtype.A, qclass: 1 }]
  return { id, ...flags, opcode: 0, rcode: 0, questions, answers, authorities: [], additionals: [] }
}

function theirs({ id, qname, records }: Sample): dns2.Packet {
  const packet = new dns2.Packet()
  Object.assign(packet.header, { id, qr: 1, aa: 1 })
  packet.questions.push({ name: qname, type: Rtype.A, class: 1 } as never)
  for (const { owner, ttl, pair } of records) {
    packet.answers.push({ name: owner, type: Rtype[pair.rtype], class: 1, ttl, ...pair.fields } as never)
  }
  return packet
}

test('what dns2 composes is parsed as what it was told', () => {
  fc.assert(
    fc.property(message, (sample) => {
      const parsed = parseMessage(theirs(sample).toBuffer()) as Message
      const expected = ours(sample)
      expect(parsed.answers.map(printRr)).toEqual(expected.answers.map(printRr))
      expect({ ...parsed, answers: [] }).toEqual({ ...expected, answers: [] })
    }),
  )
})

test('what we compose dns2 parses as it would what it composed itself', () => {
  fc.assert(
    fc.property(message, (sample) => {
      const parsed = dns2.Packet.parse(Buffer.from(composeMessage(ours(sample))))
      expect(parsed.errors).toEqual([])
      expect(parsed).toEqual(dns2.Packet.parse(theirs(sample).toBuffer()))
    }),
  )
})

test('no message of ours is longer than the one of dns2', () => {
  fc.assert(
    fc.property(message, (sample) => {
      // dns2 compresses the target of SRV, which RFC 3597 section 4 forbids; leave those out.
      const records = sample.records.filter(({ pair }) => pair.rtype !== 'SRV')
      const both = { ...sample, records }
      expect(composeMessage(ours(both)).length).toBeLessThanOrEqual(theirs(both).toBuffer().length)
    }),
  )
})

test('EDNS with a client subnet means the same to both', () => {
  const subnet = { family: 1, sourceLength: 24, scopeLength: 0, address: Uint8Array.of(192, 0, 2) }
  const options = [{ code: EdnsOption.CLIENT_SUBNET, data: composeClientSubnet(subnet) }]
  const edns = { payloadSize: 1232, version: 0, dnssecOk: true, options }
  const octets = composeMessage({ ...ours({ id: 1, qname: 'a', records: [] }), edns })
  const [opt] = dns2.Packet.parse(Buffer.from(octets)).additionals as unknown as {
    class: number
    doFlag: boolean
    rdata: { ip: string; sourcePrefixLength: number }[]
  }[]
  expect([opt!.class, opt!.doFlag]).toEqual([1232, true])
  expect(opt!.rdata[0]).toMatchObject({ ip: '192.0.2.0', sourcePrefixLength: 24 })

  const packet = theirs({ id: 1, qname: 'a', records: [] })
  const { EDNS } = dns2.Packet.Resource
  packet.additionals.push(EDNS([EDNS.ECS('192.0.2.0/24')], { udpPayloadSize: 1232, doFlag: true }) as never)
  expect(parseMessage(packet.toBuffer())).toMatchObject({ edns })
})
