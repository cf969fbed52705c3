import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  CHECK_DEFAULTS,
  type Check,
  HTTP_DEFAULTS,
  makeProbeTarget,
  type ProbedCheck,
  type ProbeResult,
} from '@windrose/health'
import { createPatternMatcher } from './pattern-matcher.ts'
import { probe } from './probe.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'
import { createTrustStore } from './trust-store.ts'

/** Long enough for a loaded machine to answer in, short enough to wait for where nothing answers. */
export const TIMEOUT_MS = 1000

/** Servers of one test file; every test's end takes them down, with their connections. */
export function useServers(): Servers {
  const servers = new Set<Server>()
  const sockets = new Set<Socket>()
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    await Promise.all([...servers].map((server) => new Promise((resolve) => server.close(resolve))))
    servers.clear()
  })
  const listen: Servers['listen'] = async (server, address = '127.0.0.1') => {
    servers.add(server)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, address, resolve))
    return (server.address() as AddressInfo).port
  }
  return {
    listen,
    serve: (onSocket, address) =>
      listen(
        createServer((socket) => {
          // Whoever does not read never learns that the other side has gone.
          socket.resume()
          onSocket(socket)
        }),
        address,
      ),
    untilNoSockets: async () => {
      const deadline = Date.now() + 3000
      while (sockets.size > 0) {
        if (Date.now() > deadline) throw new Error(`${sockets.size} connections were left open`)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    },
  }
}

export interface Servers {
  /** Gives the port. */
  listen(server: Server, address?: string): Promise<number>
  serve(onSocket: (socket: Socket) => void, address?: string): Promise<number>
  /** Resolves when every client has hung up. */
  untilNoSockets(): Promise<void>
}

const patterns = createPatternMatcher()

export const SURROUNDINGS: ProbeSurroundings = {
  now: Date.now,
  trust: createTrustStore(),
  patterns,
  resolveName: async () => ({ address: '127.0.0.1' }),
}

/** A check with nothing but its type and what the test gives. */
type Written<Type extends Check['type']> = { readonly type: Type } & Partial<Extract<ProbedCheck, { type: Type }>>

/** Probes an address once; a name ends with `.test` and is the address 127.0.0.1. */
export function runProbe<Type extends ProbedCheck['type']>(
  check: Written<Type>,
  address = '127.0.0.1',
  signal: AbortSignal = new AbortController().signal,
): Promise<ProbeResult> {
  const family = address.endsWith('.test') ? 'name' : address.includes(':') ? 'ipv6' : 'ipv4'
  const http = check.type === 'http' || check.type === 'https' ? { ...HTTP_DEFAULTS, headers: {} } : {}
  const complete = { ...CHECK_DEFAULTS, ...http, name: 'c', timeoutMs: TIMEOUT_MS, ...check } as unknown as Check
  return probe(makeProbeTarget(address, family, complete), SURROUNDINGS, signal)
}
