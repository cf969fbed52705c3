import type { SocketAddress } from '@windrose/config'
import type { FastifyInstance } from 'fastify'
import { printListenAddress } from './listen-error.ts'
import { StartRefused } from './start-refused.ts'

/** An address that could not be listened on. */
export class ListenRefused extends StartRefused {}

/**
 * Listens at an address and gives it as `127.0.0.1:8053`. Throws a ListenRefused when it cannot: `what` is to be opened
 * there, and `setting` is what the operator can change.
 */
export async function listenHttp(
  server: FastifyInstance,
  listen: SocketAddress,
  { what, setting }: { readonly what: string; readonly setting: string },
): Promise<string> {
  try {
    await server.listen({ host: listen.address, port: listen.port })
  } catch (error) {
    const why = explain(error as NodeJS.ErrnoException, setting)
    throw new ListenRefused(`cannot open ${what} on ${printListenAddress(listen)}: ${why}`, { cause: error })
  }
  const bound = server.server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port
  return printListenAddress({ ...listen, port })
}

function explain({ code, message }: NodeJS.ErrnoException, setting: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `another program has this port (EADDRINUSE), maybe another windrose; choose another port with ${setting}`
    case 'EACCES':
      return `no right to use a port below 1024 (EACCES); choose a port from 1024 up with ${setting}`
    case 'EADDRNOTAVAIL':
      return `this machine does not have that address (EADDRNOTAVAIL); choose another with ${setting}`
    default:
      return `${message}; choose another address with ${setting}`
  }
}
