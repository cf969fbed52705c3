import type { DnsCheck, PortCheck } from '@windrose/health'
import { readAddress } from '@windrose/ip'
import { type Compilation, reportError } from './compilation.ts'
import type { CheckSettings } from './schema/check.ts'
import { withoutUndefined } from './without-undefined.ts'

/** A question, and the answer that a name server must give. */
export function compileDns(compilation: Compilation, common: PortCheck, check: CheckSettings): DnsCheck {
  const { qtype = 'A', expect = {} } = check
  for (const [i, answer] of (expect.answers ?? []).entries()) {
    if (qtype !== 'A' && qtype !== 'AAAA') continue
    if (readAddress(answer)?.length === (qtype === 'A' ? 4 : 16)) continue
    const path = ['checks', common.name, 'expect', 'answers', i]
    reportError(compilation, path, `not an ${qtype === 'A' ? 'IPv4' : 'IPv6'} address`, `"qtype" is ${qtype}`)
  }
  return withoutUndefined({
    type: 'dns',
    ...common,
    transport: check.transport ?? 'udp',
    qname: check.qname ?? '.',
    qtype,
    recursionDesired: check.recursion_desired ?? false,
    expectRcodes: expect.rcodes ?? ['NOERROR'],
    expectAnswers: expect.answers,
  } as const)
}
