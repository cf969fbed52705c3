import type { FastifyInstance } from 'fastify'
import { type MetricFamily, printMetrics } from '../metrics/print-metrics.ts'
import type { ReadyBody } from './api-types.ts'

/** What supervisors and Prometheus ask of any process of windrose: whether it lives, whether it is ready, its metrics. */
export function addWatchRoutes(server: FastifyInstance, { readiness, metrics }: Watched): void {
  server.get('/livez', async () => ({ alive: true }))
  server.get('/readyz', async (_request, reply): Promise<ReadyBody> => {
    const waitingFor = readiness()
    const ready = waitingFor.length === 0
    reply.code(ready ? 200 : 503)
    return { ready, waitingFor }
  })
  server.get('/metrics', async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8')
    return printMetrics(metrics())
  })
}

export interface Watched {
  /** What it waits for, in sentences; empty when it is ready. */
  readonly readiness: () => readonly string[]
  readonly metrics: () => readonly MetricFamily[]
}
