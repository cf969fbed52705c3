import { connect, isIP, type Socket } from 'node:net'
import type { CheckCommon, PortCheck } from '@windrose/health'
import { endWithError } from './error-reason.ts'
import type { Probing } from './probing.ts'
import { openTls, startTls, type TlsWish } from './tls-connection.ts'

/** A connection that is ready for the first octet of the application. */
export interface Connection {
  readonly socket: Socket
  /** A sentence about the certificate when somebody should look at it soon. */
  readonly concern: string | undefined
}

export interface ConnectionWish {
  /** Left out, the connection is a plain one. */
  readonly tls?: TlsWish | undefined
  /** Octets that go before everything else, the handshake too. */
  readonly preface?: Buffer | undefined
}

/**
 * Opens a probe's connection: one attempt to one address, and for TLS the handshake and the certificate's verdict.
 * `onOpen` is called once, or never when the probe ends before.
 */
export function openConnection(
  probing: Probing,
  check: PortCheck,
  { tls, preface }: ConnectionWish,
  onOpen: (connection: Connection) => void,
): void {
  const { attempt, address } = probing
  if (!hasUsableSource(probing, check)) return
  attempt.waitingFor = 'no connection'
  const endpoint = {
    host: address,
    port: check.port,
    ...(check.sourceAddress === undefined ? {} : { localAddress: check.sourceAddress }),
  }
  if (tls !== undefined && preface === undefined) {
    openTls(probing, endpoint, tls, onOpen)
    return
  }
  const socket = connect({ ...endpoint, noDelay: true })
  attempt.hold(socket)
  socket.on('error', (error) => endWithError(attempt, error))
  socket.once('connect', () => {
    if (preface !== undefined) socket.write(preface)
    if (tls === undefined) onOpen({ socket, concern: undefined })
    else startTls(probing, socket, tls, onOpen)
  })
}

/** An address of the other family would be refused by the system with a word that nobody understands. */
export function hasUsableSource({ attempt, address }: Probing, { sourceAddress }: CheckCommon): boolean {
  if (sourceAddress === undefined || isIP(sourceAddress) === isIP(address)) return true
  attempt.giveUp(`the source address ${sourceAddress} cannot reach an IPv${isIP(address)} address`)
  return false
}
