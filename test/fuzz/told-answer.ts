import { EdnsOption, equalNames, type Message, nameKey, Rcode, type Rr, Rtype, SvcParamKey } from '@windrose/dns'
import type { ExplainedDecision, ExplainedHint, ExplainedName, Explanation, Snapshot } from '@windrose/nameserver'
import type { Endpoint } from '@windrose/steering'

/**
 * What the decisions of an explanation say that the response has to hold, compared with what it holds: one sentence for each
 * difference. The explanation's own response is not looked at.
 */
export function differences({ names }: Explanation, response: Message, { aliases }: Snapshot): string[] {
  const found: string[] = []
  const expect = (what: string, told: unknown, sent: unknown): void => {
    const [a, b] = [JSON.stringify(told), JSON.stringify(sent)]
    if (a !== b) found.push(`${what}: told ${a}, sent ${b}`)
  }
  const scopes = names.flatMap((name) => [name, ...(name.hints ?? [])]).map(({ scope }) => scope ?? 0)
  const sentScope = scopeOf(response)
  if (sentScope !== undefined && response.rcode !== Rcode.REFUSED) expect('scope', Math.max(0, ...scopes), sentScope)
  if (response.rcode === Rcode.SERVFAIL) {
    expect('answers of a failure', [], response.answers)
    return found
  }
  // What is answered in the stead of an alias stands under the alias' own name.
  for (const name of names.filter((_, i) => !names.slice(0, i).some(isAnswered))) {
    const sent = response.answers.filter(({ owner }) => equalNames(owner, name.owner))
    if (name.kind === 'steered') {
      const endpoints = answeredEndpoints(name)
      const alias = endpoints.find(({ isAlias }) => isAlias === true)
      if (alias === undefined) {
        expect(
          `records of ${name.service?.name}`,
          endpoints.map(recordOf),
          sent.map(({ rtype, rdata }) => [rtype, [...rdata]]),
        )
        for (const { ttl } of sent) expect('TTL', name.decision!.ttl, ttl)
      } else {
        const told = addressesOf(alias, names, aliases, response.questions[0]!.qtype)
        if (told !== undefined)
          expect(
            `addresses of ${alias.label}`,
            told,
            sent.map(({ rdata }) => [...rdata]),
          )
        for (const { ttl } of sent)
          if (ttl > name.decision!.ttl) found.push(`TTL ${ttl} is more than ${name.decision!.ttl}`)
      }
    }
    for (const hint of name.hints ?? []) expectHint(hint, sent, expect)
  }
  return found
}

type Expect = (what: string, told: unknown, sent: unknown) => void

function expectHint(hint: ExplainedHint, sent: readonly Rr[], expect: Expect): void {
  const endpoints = answeredEndpoints(hint)
  const isAddresses = endpoints.length > 0 && endpoints.every(({ kind }) => kind !== 'name')
  const told = isAddresses ? endpoints.flatMap(({ target }) => [...target]) : []
  const key = hint.family === 'ipv4' ? SvcParamKey.IPV4HINT : SvcParamKey.IPV6HINT
  const records = sent.filter(({ owner, rdata }) => {
    const target = rdata.slice(2)
    return target[0] === 0 ? equalNames(owner, hint.target) : startsWith(target, hint.target)
  })
  for (const { rdata, ttl } of records) {
    expect(`${hint.family} hints to ${hint.service.name}`, told, paramOf(rdata, key))
    if (isAddresses && ttl > hint.decision.ttl) expect('TTL of hints', hint.decision.ttl, ttl)
  }
}

function startsWith(octets: Uint8Array, start: Uint8Array): boolean {
  return start.every((octet, i) => octets[i] === octet)
}

/** The value of a parameter in HTTPS rdata; empty where there is none. */
function paramOf(rdata: Uint8Array, wanted: number): number[] {
  let at = 2
  while (rdata[at]! > 0) at += 1 + rdata[at]!
  for (at += 1; at < rdata.length; ) {
    const [key, length] = [(rdata[at]! << 8) | rdata[at + 1]!, (rdata[at + 2]! << 8) | rdata[at + 3]!]
    if (key === wanted) return [...rdata.slice(at + 4, at + 4 + length)]
    at += 4 + length
  }
  return []
}

function isAnswered(name: ExplainedName): boolean {
  return answeredEndpoints(name).some(({ isAlias }) => isAlias === true)
}

function answeredEndpoints({ decision, variant = -1 }: Partial<ExplainedDecision>): readonly Endpoint[] {
  return decision?.variants[variant]?.endpoints ?? []
}

function recordOf({ kind, target }: Endpoint): [number, number[]] {
  return [{ ipv4: Rtype.A, ipv6: Rtype.AAAA, name: Rtype.CNAME }[kind], [...target]]
}

/** Undefined where they are not steering's to say. */
function addressesOf(
  alias: Endpoint,
  names: readonly ExplainedName[],
  aliases: Snapshot['aliases'],
  qtype: number,
): number[][] | undefined {
  const outside = aliases.get(nameKey(alias.target))
  if (outside !== undefined) return (qtype === Rtype.AAAA ? outside.ipv6 : outside.ipv4).map((octets) => [...octets])
  const last = names.at(-1)!
  const endpoints = answeredEndpoints(last)
  const isPlain = last.kind === 'steered' && endpoints.every(({ kind }) => kind !== 'name')
  return isPlain ? endpoints.map(({ target }) => [...target]) : undefined
}

export function scopeOf({ edns }: Message): number | undefined {
  return edns?.options.find(({ code }) => code === EdnsOption.CLIENT_SUBNET)?.data[3]
}
