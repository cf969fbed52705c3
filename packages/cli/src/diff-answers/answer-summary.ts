import {
  EdnsOption,
  equalNames,
  type Message,
  type Name,
  parseClientSubnet,
  printRcode,
  printRdata,
  Rtype,
} from '@windrose/dns'

/** What is compared of one response. */
export interface AnswerSummary {
  readonly rcode: string
  /** Rdata at the name that was asked for, sorted; of an alias `CNAME TARGET`. What an alias leads to is not compared. */
  readonly answers: readonly string[]
  /** The least TTL of these records, in seconds; undefined where there are none. */
  readonly ttl: number | undefined
  /** The prefix length that the answer holds for; undefined without the option. */
  readonly scope: number | undefined
}

export function summarise(message: Message, { qname, qtype }: { qname: Name; qtype: number }): AnswerSummary {
  const own = message.answers.filter(
    ({ owner, rtype }) => equalNames(owner, qname) && (rtype === qtype || rtype === Rtype.CNAME),
  )
  const answers = own.map(({ rtype, rdata }) =>
    rtype === qtype ? printRdata(rtype, rdata) : `CNAME ${printRdata(rtype, rdata)}`,
  )
  const option = message.edns?.options.find(({ code }) => code === EdnsOption.CLIENT_SUBNET)
  return {
    rcode: printRcode(message.rcode),
    answers: answers.sort(),
    ttl: own.length === 0 ? undefined : Math.min(...own.map(({ ttl }) => ttl)),
    scope: option === undefined ? undefined : parseClientSubnet(option.data)?.scopeLength,
  }
}
