import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from 'node:tls'
import { EXPIRY_CONCERN_DAYS, type TlsOptions } from '@windrose/health'
import { type CertificateView, viewCertificate } from './certificate.ts'
import { endWithError, isHangUp } from './error-reason.ts'
import type { Probing } from './probing.ts'

/** What a probe wants of TLS. */
export interface TlsWish {
  readonly options: TlsOptions
  /** What the certificate must be for, and SNI says. */
  readonly name: string
  /** The one application protocol that will do (RFC 7301). */
  readonly alpn?: string | undefined
}

export interface TlsConnection {
  readonly socket: TLSSocket
  readonly concern: string | undefined
}

/** The name that a check asks for: its own, that of its Host, or the endpoint's. */
export function wishTls(options: TlsOptions, host: string | undefined, probing: Probing, alpn?: string): TlsWish {
  return { options, name: options.serverName ?? (host === undefined ? probing.name : withoutPort(host)), alpn }
}

/** Connects and shakes hands, on one socket from the start. */
export function openTls(
  probing: Probing,
  endpoint: Pick<ConnectionOptions, 'host' | 'port'> & { localAddress?: string },
  wish: TlsWish,
  onOpen: (connection: TlsConnection) => void,
): void {
  const options = tlsOptions(probing, wish)
  if (options === undefined) return
  awaitHandshake(probing, connect({ ...endpoint, ...options }), wish, onOpen)
}

/** Shakes hands on a connection that something was said on. */
export function startTls(
  probing: Probing,
  socket: Socket,
  wish: TlsWish,
  onOpen: (connection: TlsConnection) => void,
): void {
  const options = tlsOptions(probing, wish)
  if (options === undefined) return
  probing.attempt.waitingFor = 'no TLS handshake'
  awaitHandshake(probing, connect({ socket, ...options }), wish, onOpen)
}

function tlsOptions({ attempt, surroundings }: Probing, { options, name, alpn }: TlsWish) {
  const trusted = surroundings.trust.contextFor(options)
  if ('problem' in trusted) {
    attempt.giveUp(trusted.problem)
    return undefined
  }
  return {
    // SNI knows names only (RFC 6066 section 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(alpn === undefined ? {} : { ALPNProtocols: [alpn] }),
    secureContext: trusted.context,
    checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(name, certificate),
    // Judged below, where the reason can be told in full.
    rejectUnauthorized: false,
  }
}

function awaitHandshake(
  probing: Probing,
  socket: TLSSocket,
  wish: TlsWish,
  onOpen: (connection: TlsConnection) => void,
): void {
  const { attempt, surroundings } = probing
  attempt.hold(socket)
  let handshaken = false
  socket.once('connect', () => {
    attempt.waitingFor = 'no TLS handshake'
  })
  socket.on('error', (error) => {
    if (!handshaken && isHangUp(error)) attempt.fail('connection closed during the TLS handshake')
    else endWithError(attempt, error)
  })
  const finish = () => {
    if (attempt.isOver) return
    const view = wish.options.verify ? judge(socket, wish, surroundings.now()) : NOT_VERIFIED
    if (view.problem !== undefined) attempt.fail(view.problem)
    else if (wish.alpn !== undefined && socket.alpnProtocol !== wish.alpn)
      attempt.fail(`the server does not offer ${wish.alpn} by ALPN`)
    else onOpen({ socket, concern: view.concern })
  }
  socket.once('secureConnect', () => {
    handshaken = true
    // Node crashes when the lower one of two sockets is destroyed within the handshake's last event (seen with 20.20).
    setImmediate(finish)
  })
}

function judge(socket: TLSSocket, { name, options }: TlsWish, timeMs: number): CertificateView {
  // The types say Error; what is there is the code of OpenSSL or of the identity check.
  const error = socket.authorized ? undefined : String(socket.authorizationError)
  const { minDaysLeft = EXPIRY_CONCERN_DAYS } = options
  return viewCertificate(socket.getPeerCertificate(), { error, name, minDaysLeft }, timeMs)
}

const NOT_VERIFIED: CertificateView = { problem: undefined, concern: undefined }

/** A Host header's name: `www.example.org:8443` and `[::1]:8443` lose the port, and `[::1]` its brackets. */
function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
