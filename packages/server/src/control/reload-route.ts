import type { FastifyInstance } from 'fastify'
import type { RunningParts } from '../running-parts.ts'
import { ApiError } from './api-error.ts'
import type { ReloadBody } from './api-types.ts'
import { flattenProblem, printTime } from './print-values.ts'

export function addReloadRoute(server: FastifyInstance, { reloader }: RunningParts): void {
  server.post('/api/v1/reload', async (): Promise<ReloadBody> => {
    const outcome = await reloader.reload('api')
    const { compiled, loadedAt } = reloader.current
    const { revision } = compiled.configuration
    if (!outcome.reloaded) {
      const { message, problems } = outcome.failure
      throw new ApiError(422, `${message}; revision ${revision} goes on serving`, problems.map(flattenProblem))
    }
    return {
      revision,
      changed: outcome.changed,
      loadedAt: printTime(loadedAt),
      restartNeeded: reloader.restartNeeded,
      warnings: outcome.warnings.map(flattenProblem),
    }
  })
}
