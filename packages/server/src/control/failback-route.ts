import type { FastifyInstance } from 'fastify'
import type { RunningParts } from '../running-parts.ts'
import { ApiError } from './api-error.ts'
import type { FailbackBody } from './api-types.ts'

/** Lets a pool serve again that is held back after a failure. */
export function addFailbackRoute(server: FastifyInstance, { holds, health, store, log }: RunningParts): void {
  server.post('/api/v1/failback', async (request): Promise<FailbackBody> => {
    const { pool, author } = readBody(request.body)
    if (store.kind === 'redis' && !health.isKeeper) {
      throw new ApiError(
        409,
        'another server keeps what is held back: ask the one whose status says that it is the keeper',
      )
    }
    if (!holds.release(pool)) throw new ApiError(404, `${pool} is not held back`)
    log.info({ component: 'control', pool, author }, `${pool} may serve again, by ${author}`)
    return { pool, held: heldBodies(holds.until) }
  })
}

/** What is held back now, and until when; null where an operator has to end it. */
export function heldBodies(until: ReadonlyMap<string, number>): FailbackBody['held'] {
  return [...until].map(([pool, ends]) => ({
    pool,
    until: Number.isFinite(ends) ? new Date(ends).toISOString() : null,
  }))
}

function readBody(body: unknown): { pool: string; author: string } {
  const { pool, author = 'somebody' } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  if (typeof pool !== 'string' || !/^[^/\s]+\/[^/\s]+$/.test(pool)) {
    throw new ApiError(400, 'pool must be "SERVICE/SITE"')
  }
  if (typeof author !== 'string') throw new ApiError(400, 'author must be a text')
  return { pool, author: author.slice(0, 200) }
}
