import type { FastifyInstance } from 'fastify'
import type { RunningParts } from '../running-parts.ts'
import { ApiError } from './api-error.ts'
import type { TransitionsBody } from './api-types.ts'
import { printTransition } from './print-values.ts'
import { readQuery } from './read-query.ts'

/** The transitions that are kept: an hour of one a few seconds. */
export const TRANSITIONS_KEPT = 1000

export function addTransitionsRoute(server: FastifyInstance, { transitions }: RunningParts): void {
  server.get('/api/v1/transitions', async (request): Promise<TransitionsBody> => {
    const query = readQuery(request.query, ['limit', 'after'])
    const limit = readNumber('limit', query.limit) ?? 100
    const after = readNumber('after', query.after)
    const listed = after === undefined ? transitions.latest(limit) : transitions.after(after, limit)
    return { transitions: listed.map(printTransition) }
  })
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new ApiError(400, `${name} is a number, not "${text}"`)
  return Number(text)
}
