import type { SocketAddress } from '@windrose/config'
import { printListenAddress } from '../listen-error.ts'
import type { RunningParts } from '../running-parts.ts'
import { StartRefused } from '../start-refused.ts'
import { createControlServer } from './control-server.ts'

/** The control API, listening. */
export interface OpenControl {
  /** `127.0.0.1:8053` */
  readonly address: string
  close(): Promise<void>
}

/** Opens the control API, on the loopback address that the configuration is held to. Throws a StartRefused when it cannot. */
export async function openControl(
  parts: RunningParts,
  { token, listen }: { readonly token: string; readonly listen: SocketAddress },
): Promise<OpenControl> {
  const server = createControlServer(parts, { token, address: listen.address })
  try {
    await server.listen({ host: listen.address, port: listen.port })
  } catch (error) {
    throw refuse(listen, error as NodeJS.ErrnoException)
  }
  const bound = server.server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port
  return { address: printListenAddress({ ...listen, port }), close: () => server.close() }
}

function refuse(listen: SocketAddress, error: NodeJS.ErrnoException): StartRefused {
  const code = error.code ?? ''
  const why = REASONS[code] ?? `${error.message}; choose another address with "control.listen"`
  return new StartRefused(`cannot open the control API on ${printListenAddress(listen)}: ${why}`, { cause: error })
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'another program has this port (EADDRINUSE), maybe another windrose; choose another port with "control.listen"',
  EACCES: 'no right to use a port below 1024 (EACCES); choose a port from 1024 up with "control.listen"',
  EADDRNOTAVAIL: 'this machine does not have that address (EADDRNOTAVAIL); choose another with "control.listen"',
}
