import { PUSH_STATUSES, type PushStatus } from '@windrose/health'
import type { FastifyInstance } from 'fastify'
import type { RunningParts } from '../running-parts.ts'
import { ApiError } from './api-error.ts'

/** `PUT /api/v1/push/CHECK/ENDPOINT`: a target that pushes says how it is. ENDPOINT is its address or name. */
export function addPushRoute(server: FastifyInstance, parts: RunningParts): void {
  server.put<{ Params: { check: string; endpoint: string } }>(
    '/api/v1/push/:check/:endpoint',
    async (request, reply): Promise<void> => {
      const { check, endpoint } = request.params
      const { probeTargets } = parts.reloader.current.compiled.configuration
      const said = readPush(request.body)
      const target = probeTargets.find((one) => one.check.name === check && one.address === endpoint)
      if (target === undefined || target.check.type !== 'push') {
        throw new ApiError(
          404,
          `there is no push check ${check.slice(0, 100)} of an endpoint ${endpoint.slice(0, 100)}`,
        )
      }
      if (parts.pushes()?.push(target.id, said) !== true) throw new ApiError(503, 'pushes are not taken in now')
      reply.code(204)
    },
  )
}

function readPush(body: unknown): { readonly status: PushStatus; readonly reason: string } {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const status = PUSH_STATUSES.find((known) => known === fields['status'])
  if (status === undefined) throw new ApiError(400, `status is one of ${PUSH_STATUSES.join(', ')}`)
  const { reason = '' } = fields
  if (typeof reason !== 'string' || reason.length > REASON_MAX)
    throw new ApiError(400, `reason is a text of ${REASON_MAX} characters at most`)
  // A line break could forge a line where it is shown.
  return { status, reason: reason.replaceAll(/\p{Cc}+/gu, ' ').trim() }
}

const REASON_MAX = 500
