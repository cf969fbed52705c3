import { availableParallelism } from 'node:os'
import type { ServerConfiguration } from './configuration.ts'
import type { ServerSettings } from './schema/server.ts'

/** How queries are taken in and answered. One core is left to everything but UDP, where there is more than one. */
export function compileServer(server: ServerSettings): ServerConfiguration {
  const idleTimeoutMs = server.tcp.idle_timeout
  return {
    udpThreads: server.udp_threads ?? Math.max(1, availableParallelism() - 1),
    tcp: { maxConnections: server.tcp.max_connections, idleTimeoutMs },
    settings: {
      udpPayload: server.edns_payload,
      clientSubnet: server.ecs,
      nsid: octetsOf(server.nsid),
      version: octetsOf(server.chaos.version),
      hostname: octetsOf(server.chaos.id),
      tcpKeepalive: Math.min(65535, Math.floor(idleTimeoutMs / 100)),
    },
  }
}

function octetsOf(text: string | undefined): Uint8Array {
  return new TextEncoder().encode(text ?? '')
}
