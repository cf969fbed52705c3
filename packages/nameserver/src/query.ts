import { QnameScan } from '@windrose/zone'

/** The parts of a query that the path reads. One an exchange, overwritten by each packet. */
export class Query {
  readonly qname: QnameScan = new QnameScan()
  qtype = 0
  qclass = 0
  /** Octets of the question section that can be echoed; 0 when there is none. */
  questionLength = 0
  opcode = 0
  edns = false
  payloadSize = 0
  dnssecOk = false
  /** The client speaks a version of EDNS that we do not (RFC 6891 6.1.3). */
  badVersion = false
  /** The client asked for the name server's identifier (RFC 5001). */
  nsid = false
  /** Octets of the client subnet's data (RFC 7871 6); 0 when none was sent. */
  subnetLength = 0
  /** The subnet's address family as the option numbers it: 1 is IPv4, 2 is IPv6, 0 is no address at all. */
  subnetFamily = 0
  /** Source prefix length. */
  subnetSource = 0
  /** The subnet's address, padded with zeros. */
  readonly subnetAddress: Uint8Array = new Uint8Array(16)
  /** Prefix length for which the answer to be written holds (RFC 7871 7.2.1); 0 until steering says more. */
  scope = 0
  /** Whether ECS is read at all; a server that does not treats it as an option it does not know. */
  acceptsSubnet = true
  /** Octets of the options that the OPT of the response will hold. */
  replyOptions = 0
}
