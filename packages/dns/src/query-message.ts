import type { Prefix } from '@windrose/ip'
import { composeClientSubnet } from './client-subnet.ts'
import { EdnsOption } from './edns-option.ts'
import type { Message } from './message.ts'
import type { Name } from './name.ts'
import { Opcode } from './opcode.ts'
import { Rclass } from './rclass.ts'

/** What a query asks. */
export interface AskedQuestion {
  readonly qname: Name
  readonly qtype: number
  /** 0 by default. */
  readonly id?: number
  /** The client subnet to send (RFC 7871); none by default. */
  readonly client?: Prefix | undefined
}

/** A query as a resolver sends it to a name server: one question of class IN, RD clear, EDNS with 1232 octets. */
export function queryMessage({ qname, qtype, id = 0, client }: AskedQuestion): Message {
  const options = client === undefined ? [] : [{ code: EdnsOption.CLIENT_SUBNET, data: subnetData(client) }]
  return {
    id,
    qr: false,
    opcode: Opcode.QUERY,
    aa: false,
    tc: false,
    rd: false,
    ra: false,
    z: false,
    ad: false,
    cd: false,
    rcode: 0,
    questions: [{ qname, qtype, qclass: Rclass.IN }],
    answers: [],
    authorities: [],
    additionals: [],
    edns: { payloadSize: 1232, version: 0, dnssecOk: false, options },
  }
}

function subnetData({ address, length }: Prefix): Uint8Array {
  return composeClientSubnet({
    family: address.length === 4 ? 1 : 2,
    sourceLength: length,
    scopeLength: 0,
    address,
  })
}
