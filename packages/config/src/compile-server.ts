import { availableParallelism } from 'node:os'
import { readAddress } from '@windrose/ip'
import { type Compilation, reportError } from './compilation.ts'
import type { ServerConfiguration } from './configuration.ts'
import type { ServerSettings } from './schema/server.ts'

/** How queries are taken in and answered. One core is left to everything but UDP, where there is more than one. */
export function compileServer(compilation: Compilation): ServerConfiguration {
  const { server } = compilation.settings
  const idleTimeoutMs = server.tcp.idle_timeout
  return {
    udpThreads: server.udp_threads ?? Math.max(1, availableParallelism() - 1),
    resolvers: compileResolvers(compilation, server.resolvers),
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

/** With the port of DNS where none is written. */
function compileResolvers(compilation: Compilation, resolvers: ServerSettings['resolvers']): readonly string[] {
  return resolvers.flatMap((text, i) => {
    const bare = readAddress(text)
    if (bare !== undefined) return [bare.length === 16 ? `[${text}]:53` : `${text}:53`]
    const [, address, port] = /^\[?([0-9a-fA-F.:]+?)\]?:(\d{1,5})$/.exec(text) ?? []
    const isAddress = address !== undefined && readAddress(address) !== undefined
    if (isAddress && Number(port) > 0 && Number(port) < 65_536) return [text]
    const hint = 'for example 192.0.2.53, 192.0.2.53:5353 or "[2001:db8::53]:53"'
    reportError(compilation, ['server', 'resolvers', i], `"${text}" is not the address of a resolver`, hint)
    return []
  })
}

function octetsOf(text: string | undefined): Uint8Array {
  return new TextEncoder().encode(text ?? '')
}
