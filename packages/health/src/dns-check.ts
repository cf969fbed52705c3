import type { PortCheck } from './every-check.ts'
import type { TlsOptions } from './tls-options.ts'

/** One question to a name server, and the answer that it must give. */
export interface DnsCheck extends PortCheck {
  readonly type: 'dns'
  readonly transport: 'udp' | 'tcp'
  /** Absolute or not, it is asked as it stands. */
  readonly qname: string
  /** A mnemonic: `A`, `AAAA`, `SOA`. */
  readonly qtype: DnsCheckQtype
  /** The RD flag. */
  readonly recursionDesired: boolean
  /** Mnemonics of RCODEs: the response must have one of them. */
  readonly expectRcodes: readonly string[]
  /** Each must be the rdata of a record in the answer section, in presentation format. */
  readonly expectAnswers?: readonly string[]
  /** DNS over TLS (RFC 7858); with the transport `tcp`. */
  readonly tls?: TlsOptions
}

/** The types whose rdata can be told in presentation format, and so expected. */
export const DNS_CHECK_QTYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const

export type DnsCheckQtype = (typeof DNS_CHECK_QTYPES)[number]

/** The RCODEs of RFC 1035 section 4.1.1 and of RFC 2136. */
export const DNS_CHECK_RCODES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
] as const
