import type { DnsCheck } from '@windrose/health'
import dns2 from 'dns2'
import { normalizeRdata, printRdata } from './dns-rdata-text.ts'

const { Packet } = dns2

/** The query of a check (RFC 1035 section 4.1). `id` is its transaction id, 0 to 65535. */
export function composeQuestion({ qname, qtype, recursionDesired }: DnsCheck, id: number): Buffer {
  const query = new Packet()
  Object.assign(query.header, { id, rd: recursionDesired ? 1 : 0 })
  // By position: a field of an object that is empty, the root, would be replaced.
  query.questions.push(new Packet.Question(qname.replace(/\.$/, ''), Packet.TYPE[qtype], Packet.CLASS.IN))
  return query.toBuffer()
}

/** What a message says to a check's question. */
export type DnsJudgement =
  | { readonly kind: 'good'; readonly rcode: string }
  | { readonly kind: 'bad'; readonly reason: string }
  /** A response to something else. */
  | { readonly kind: 'unrelated' }

export function judgeResponse(octets: Buffer, check: DnsCheck, id: number): DnsJudgement {
  const response = parse(octets)
  if (response === undefined) return { kind: 'bad', reason: 'not a DNS response' }
  if (response.header.id !== id) return { kind: 'unrelated' }
  if (response.header.qr !== 1) return { kind: 'bad', reason: 'not a DNS response' }
  const rcode = RCODE_NAMES.get(response.header.rcode) ?? `RCODE ${response.header.rcode}`
  if (!check.expectRcodes.includes(rcode))
    return { kind: 'bad', reason: `${rcode}, wanted ${check.expectRcodes.join(' or ')}` }
  if (!asksFor(response, check)) return { kind: 'bad', reason: 'the response is to another question' }
  const missing = missingAnswer(response, check)
  if (missing === undefined) return { kind: 'good', rcode }
  const note = response.header.tc === 1 ? ' (truncated)' : ''
  return { kind: 'bad', reason: `${rcode}, but the answer lacks ${missing}${note}` }
}

function parse(octets: Buffer): dns2.Packet | undefined {
  try {
    return Packet.parse(octets)
  } catch {
    return undefined
  }
}

/** Some servers leave the question out of an error. */
function asksFor(response: dns2.Packet, { qname, qtype }: DnsCheck): boolean {
  const [question] = response.questions
  if (question === undefined) return response.header.rcode !== 0
  return question.name.toLowerCase() === qname.replace(/\.$/, '').toLowerCase() && question.type === Packet.TYPE[qtype]
}

function missingAnswer(response: dns2.Packet, { qtype, expectAnswers = [] }: DnsCheck): string | undefined {
  const there = new Set(
    response.answers.filter(({ type }) => type === Packet.TYPE[qtype]).map((record) => printRdata(record, qtype)),
  )
  return expectAnswers.find((wanted) => !there.has(normalizeRdata(wanted, qtype)))
}

const RCODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Packet.RCODE).map(([name, rcode]) => [rcode, name] as const),
)
