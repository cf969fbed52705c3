import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { SocketAddress } from '@windrose/config'
import { ListenError } from './listen-error.ts'

/**
 * Tries every address over TCP and UDP and lets go again: a port that is taken is told at once, and not after the wait
 * for first verdicts. Throws a ListenError.
 */
export async function checkListen(listen: readonly SocketAddress[]): Promise<void> {
  for (const address of listen) {
    if (address.port === 0) continue
    await tryTcp(address)
    await tryUdp(address)
  }
}

function tryTcp(address: SocketAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => reject(refuse('tcp', address, error)))
    server.listen({ host: address.address, port: address.port, ipv6Only: true, exclusive: true }, () => {
      server.close(() => resolve())
    })
  })
}

function tryUdp(address: SocketAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: address.family === 6 ? 'udp6' : 'udp4', ipv6Only: address.family === 6 })
    socket.once('error', (error) => {
      socket.close()
      reject(refuse('udp', address, error))
    })
    socket.bind({ address: address.address, port: address.port, exclusive: true }, () => socket.close(() => resolve()))
  })
}

function refuse(transport: 'tcp' | 'udp', address: SocketAddress, error: NodeJS.ErrnoException): ListenError {
  return new ListenError(transport, address, error.code ?? error.message)
}
