import { type Message, printName, printRcode, printRdata, printRtype, Rtype } from '@windrose/dns'
import type { LikelyAnswer } from '@windrose/nameserver'

/** What a question is answered with: the sets of records, whatever their order, with the share of each. */
export interface AnswerSets {
  readonly rcode: string
  /** Largest share first. */
  readonly records: readonly { readonly share: number; readonly set: readonly string[] }[]
  /** The least of the records'; null where there are none. */
  readonly ttl: number | null
  /** Equal for answers whose records and shares are equal. */
  readonly recordsKey: string
}

/** Puts together the answers that are the same but for the order of their records. */
export function answerSets(answers: readonly LikelyAnswer[]): AnswerSets {
  const shares = new Map<string, { share: number; set: readonly string[] }>()
  const rcodes = new Set<number>()
  let ttl: number | null = null
  for (const { share, response } of answers) {
    rcodes.add(response.rcode)
    for (const record of response.answers) ttl = Math.min(ttl ?? record.ttl, record.ttl)
    const set = printSet(response)
    const key = set.join('\n')
    const known = shares.get(key)
    if (known === undefined) shares.set(key, { share, set })
    else known.share += share
  }
  const records = [...shares]
    .sort(([a, one], [b, other]) => other.share - one.share || (a < b ? -1 : 1))
    .map(([, { share, set }]) => ({ share: roundShare(share), set }))
  const recordsKey = [...shares]
    .map(([key, { share }]) => `${key} ${roundShare(share)}`)
    .sort()
    .join('\n')
  return { rcode: [...rcodes].map(printRcode).sort().join(' or ') || 'none', records, ttl, recordsKey }
}

/** The answer section sorted; that of a referral is the name servers that it leads to. */
function printSet({ answers, authorities }: Message): readonly string[] {
  const referral = answers.length > 0 ? [] : authorities.filter(({ rtype }) => rtype === Rtype.NS)
  return [...answers, ...referral]
    .map(({ owner, rtype, rdata }) => {
      if (rtype === Rtype.A || rtype === Rtype.AAAA) return printRdata(rtype, rdata)
      const whose = rtype === Rtype.NS && referral.length > 0 ? `${printName(owner)} ` : ''
      return `${whose}${printRtype(rtype)} ${printRdata(rtype, rdata)}`
    })
    .sort()
}

/** Sums of the same shares in another order differ by less than this. */
function roundShare(share: number): number {
  return Math.round(share * 1e9) / 1e9
}
