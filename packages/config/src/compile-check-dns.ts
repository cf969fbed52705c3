import type { DnsCheck, PortCheck, TlsOptions } from '@windrose/health'
import { readAddress } from '@windrose/ip'
import { type Compilation, reportError } from './compilation.ts'
import type { CheckSettings } from './schema/check.ts'
import { withoutUndefined } from './without-undefined.ts'

/** A question, and the answer that a name server must give. */
export function compileDns(
  compilation: Compilation,
  common: PortCheck,
  check: CheckSettings,
  tls: TlsOptions | undefined,
): DnsCheck {
  const { qtype = 'A', expect = {}, transport = tls === undefined ? 'udp' : 'tcp' } = check
  if (tls !== undefined && transport === 'udp')
    reportError(compilation, ['checks', common.name, 'transport'], 'DNS over TLS goes over TCP')
  for (const [i, answer] of (expect.answers ?? []).entries()) {
    if (qtype !== 'A' && qtype !== 'AAAA') continue
    if (readAddress(answer)?.length === (qtype === 'A' ? 4 : 16)) continue
    const path = ['checks', common.name, 'expect', 'answers', i]
    reportError(compilation, path, `not an ${qtype === 'A' ? 'IPv4' : 'IPv6'} address`, `"qtype" is ${qtype}`)
  }
  return withoutUndefined({
    type: 'dns',
    ...common,
    port: check.port ?? (tls === undefined ? common.port : TLS_PORT),
    transport,
    qname: check.qname ?? '.',
    qtype,
    recursionDesired: check.recursion_desired ?? false,
    expectRcodes: expect.rcodes ?? ['NOERROR'],
    expectAnswers: expect.answers,
    tls,
  } as const)
}

/** RFC 7858 section 3.1. */
const TLS_PORT = 853
