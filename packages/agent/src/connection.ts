import { connect, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import type { HttpsCheck, ProbeTarget } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import { type CertificateView, viewCertificate } from './certificate.ts'
import { endWithError, isHangUp } from './error-reason.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'

/** A connection that is ready for the first octet of the application. */
export interface Connection {
  readonly socket: Socket
  /** A sentence about the certificate when somebody should look at it soon. */
  readonly concern: string | undefined
}

/**
 * Opens a probe's connection: the name resolved if it is one, one connection attempt to one address, and for https the
 * handshake and the certificate's verdict. `onOpen` is called once, or never when the probe ends before.
 */
export function openConnection(
  attempt: Attempt,
  target: ProbeTarget,
  surroundings: ProbeSurroundings,
  onOpen: (connection: Connection) => void,
): void {
  const open = (address: string) => {
    if (attempt.isOver) return
    if (target.check.type === 'https') openTls(attempt, { address, target, check: target.check, surroundings }, onOpen)
    else openTcp(attempt, address, target.check.port, onOpen)
  }
  if (target.family === 'name') resolveAndOpen(attempt, target.address, surroundings, open)
  else open(target.address)
}

async function resolveAndOpen(
  attempt: Attempt,
  name: string,
  surroundings: ProbeSurroundings,
  open: (address: string) => void,
): Promise<void> {
  const before = attempt.waitingFor
  attempt.waitingFor = `no address for ${name}`
  const resolved = await surroundings.resolveName(name, attempt)
  if ('failure' in resolved) attempt.fail(resolved.failure)
  else if ('ownTrouble' in resolved) attempt.giveUp(resolved.ownTrouble)
  else {
    attempt.waitingFor = before
    open(resolved.address)
  }
}

function openTcp(attempt: Attempt, address: string, port: number, onOpen: (connection: Connection) => void): void {
  const socket = connect({ host: address, port, noDelay: true })
  attempt.hold(socket)
  socket.on('error', (error) => endWithError(attempt, error))
  socket.once('connect', () => onOpen({ socket, concern: undefined }))
}

interface TlsOpening {
  readonly address: string
  readonly target: ProbeTarget
  readonly check: HttpsCheck
  readonly surroundings: ProbeSurroundings
}

/**
 * One socket from the start, not TLS laid over a connection that is there: Node crashes when the lower one of two is
 * destroyed within the handshake's last event (seen with 20.20).
 */
function openTls(attempt: Attempt, opening: TlsOpening, onOpen: (connection: Connection) => void): void {
  const { address, target, check, surroundings } = opening
  const trusted = surroundings.trust.contextFor(check.caFile)
  if ('problem' in trusted) {
    attempt.giveUp(trusted.problem)
    return
  }
  const name = serverNameOf(check, target.address)
  const socket = connectTls({
    host: address,
    port: check.port,
    // SNI knows names only (RFC 6066 section 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    secureContext: trusted.context,
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    // Judged below, where the reason can be told in full.
    rejectUnauthorized: false,
  })
  attempt.hold(socket)
  socket.once('connect', () => {
    attempt.waitingFor = 'no TLS handshake'
  })
  socket.on('error', (error) => {
    if (isHangUp(error)) attempt.fail('connection closed during the TLS handshake')
    else endWithError(attempt, error)
  })
  socket.once('secureConnect', () => {
    const view = check.verify ? judge(socket, name, surroundings.now()) : NOT_VERIFIED
    if (view.problem !== undefined) attempt.fail(view.problem)
    else onOpen({ socket, concern: view.concern })
  })
}

function judge(socket: TLSSocket, name: string, timeMs: number): CertificateView {
  // The types say Error; what is there is the code of OpenSSL or of the identity check.
  const error = socket.authorized ? undefined : String(socket.authorizationError)
  return viewCertificate(socket.getPeerCertificate(), error, name, timeMs)
}

const NOT_VERIFIED: CertificateView = { problem: undefined, concern: undefined }

function serverNameOf(check: HttpsCheck, address: string): string {
  return check.serverName ?? (check.host === undefined ? address : withoutPort(check.host))
}

/** A Host header's name: `www.example.org:8443` and `[::1]:8443` lose the port, and `[::1]` its brackets. */
function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
