import type { SocketAddress } from '@windrose/config'
import { listenHttp } from '../listen-http.ts'
import type { RunningParts } from '../running-parts.ts'
import { createControlServer } from './control-server.ts'

/** The control API, listening. */
export interface OpenControl {
  /** `127.0.0.1:8053` */
  readonly address: string
  close(): Promise<void>
}

/** Opens the control API, on the loopback address that the configuration is held to. Throws a ListenRefused when it cannot. */
export async function openControl(
  parts: RunningParts,
  { token, listen }: { readonly token: string; readonly listen: SocketAddress },
): Promise<OpenControl> {
  const server = createControlServer(parts, { token, address: listen.address })
  const address = await listenHttp(server, listen, { what: 'the control API', setting: '"control.listen"' })
  return { address, close: () => server.close() }
}
