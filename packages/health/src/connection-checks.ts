import type { CheckCommon, PortCheck } from './every-check.ts'
import type { TlsOptions } from './tls-options.ts'

/** A connection, and where `expect` or `expectMatches` is there something that must arrive. */
export interface TcpCheck extends PortCheck {
  readonly type: 'tcp'
  /** Sent once connected. */
  readonly send?: Octets
  /** Must occur in what arrives; left out, the connection alone is the success. */
  readonly expect?: Octets
  /** A regular expression that must match in what arrives, read as UTF-8. Not with `expect`. */
  readonly expectMatches?: string
  /** A header of the PROXY protocol comes first, as for a connection that the proxy itself makes. */
  readonly proxyProtocol?: 'v1' | 'v2'
  /** When there, the connection is a TLS one. */
  readonly tls?: TlsOptions
}

/** A text, for its UTF-8 octets, or the octets themselves as hexadecimal digits. */
export type Octets = string | { readonly hex: string }

/** A TLS handshake and nothing after it. */
export interface TlsCheck extends PortCheck, TlsOptions {
  readonly type: 'tls'
}

/** The standard health service of gRPC: grpc.health.v1.Health/Check says SERVING. */
export interface GrpcCheck extends PortCheck {
  readonly type: 'grpc'
  /** Empty asks for the server as a whole. */
  readonly service: string
  /** The :authority; left out, the target's own address or name. */
  readonly host?: string
  /** Metadata of the call, by name; those of the protocol itself stay as they are. */
  readonly headers?: Readonly<Record<string, string>>
  readonly tls?: TlsOptions
}

/** One echo request and its reply. */
export interface IcmpCheck extends CheckCommon {
  readonly type: 'icmp'
}
