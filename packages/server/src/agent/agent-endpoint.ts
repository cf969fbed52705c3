import type { SocketAddress } from '@windrose/config'
import { fastify } from 'fastify'
import { composeError } from '../control/api-error.ts'
import { addWatchRoutes } from '../control/watch-routes.ts'
import { listenHttp } from '../listen-http.ts'
import { collect } from '../metrics/metric.ts'
import { STANDALONE_AGENT_METRICS, type StandaloneAgent } from '../metrics/standalone-agent-metrics.ts'

/** An agent, as its endpoint looks at it. */
export interface WatchedAgent extends StandaloneAgent {
  /** Whether a server has said what to probe. */
  readonly isAssigned: () => boolean
  /** Why the store does not do what it is asked for; undefined where it does. */
  readonly denied: () => string | undefined
}

/** Where an agent is watched: /metrics, /livez and /readyz over HTTP, and nothing that changes anything. */
export interface AgentEndpoint {
  /** `127.0.0.1:9153` */
  readonly address: string
  close(): Promise<void>
}

/** Opens it. Throws a ListenRefused when it cannot. */
export async function openAgentEndpoint(agent: WatchedAgent, listen: SocketAddress): Promise<AgentEndpoint> {
  const server = fastify({ logger: false, forceCloseConnections: true, requestTimeout: 30_000 })
  server.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
  server.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.slice(0, 200)}: /metrics, /livez and /readyz are here`
    reply.code(404).type('application/problem+json; charset=utf-8').send(composeError(404, detail))
  })
  addWatchRoutes(server, {
    readiness: () => whatIsMissing(agent),
    metrics: () => collect(STANDALONE_AGENT_METRICS, agent),
  })
  const address = await listenHttp(server, listen, { what: 'the metrics', setting: '"--metrics"' })
  return { address, close: () => server.close() }
}

/** Why its word does not count, or it has nothing to say. */
function whatIsMissing({ stats, store, isAssigned, denied }: WatchedAgent): readonly string[] {
  const { isolated, leaseHeld } = stats()
  const { up, reason } = store.link
  const refusal = denied()
  const why = up ? refusal && `the store refuses it: ${refusal}` : `the store is out of reach: ${reason}`
  return [
    ...(leaseHeld ? [] : [why === undefined ? 'its lease' : `its lease: ${why}`]),
    ...(isAssigned() ? [] : ['its checks: no server has said yet what to probe']),
    ...(isolated ? ['its network: most control targets cannot be reached'] : []),
  ]
}
