import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { collectMetrics } from '../metrics/collect-metrics.ts'
import type { RunningParts } from '../running-parts.ts'
import { ApiError, composeError } from './api-error.ts'
import { buildStatus } from './build-status.ts'
import { addExplainRoute } from './explain-route.ts'
import { addFailbackRoute } from './failback-route.ts'
import { type GuardRules, guard } from './guard.ts'
import { addOverrideRoutes } from './override-routes.ts'
import { addPushRoute } from './push-route.ts'
import { addReloadRoute } from './reload-route.ts'
import { addTransitionsRoute } from './transitions-route.ts'
import { addWatchRoutes } from './watch-routes.ts'
import { addWhatIfRoutes } from './what-if-routes.ts'

/** The control API (docs/control-api.md), not listening yet. */
export function createControlServer(parts: RunningParts, rules: GuardRules): FastifyInstance {
  const server = fastify({
    bodyLimit: 64 * 1024,
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    // The body of a problem is ours, also where a path cannot be decoded.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      reply.code(400).type(PROBLEM).send(composeError(400, error.message))
    },
  })
  server.addHook('onRequest', async (request) => guard(request, rules))
  server.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, detail } = explain(error, request.routeOptions.bodyLimit)
    if (status >= 500) parts.log.error({ component: 'control', err: error, path: request.url }, 'a request failed')
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    const problems = error instanceof ApiError ? error.problems : undefined
    reply
      .code(status)
      .type(PROBLEM)
      .send(composeError(status, detail, problems))
  })
  server.setNotFoundHandler((request, reply) => {
    reply
      .code(404)
      .type(PROBLEM)
      .send(composeError(404, `there is no ${request.method} ${request.url.slice(0, 200)}`))
  })

  addWatchRoutes(server, {
    readiness: () => parts.readiness.waitingFor(),
    metrics: () => collectMetrics(parts),
  })
  server.get('/api/v1/status', async () => buildStatus(parts))
  addExplainRoute(server, parts)
  addTransitionsRoute(server, parts)
  addOverrideRoutes(server, parts)
  addPushRoute(server, parts)
  addReloadRoute(server, parts)
  addFailbackRoute(server, parts)
  addWhatIfRoutes(server, parts)
  return server
}

const PROBLEM = 'application/problem+json; charset=utf-8'

function explain(error: FastifyError | ApiError, bodyLimit: number): { status: number; detail: string } {
  if (error instanceof ApiError) return { status: error.status, detail: error.message }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { status: 413, detail: `the body is larger than ${Math.round(bodyLimit / 1024)} KiB` }
  }
  const detail = SENTENCES[error.code]
  if (detail !== undefined) return { status: error.statusCode ?? 400, detail }
  const status = error.statusCode ?? 500
  return { status, detail: status < 500 ? error.message : 'the server failed to do this; its log says why' }
}

const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the body must be JSON: send "Content-Type: application/json"',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON',
}
