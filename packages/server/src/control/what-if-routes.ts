import type { FastifyInstance } from 'fastify'
import { readReplayRequest } from '../replay/read-replay-request.ts'
import type { RunningParts } from '../running-parts.ts'
import { readWhatIf } from '../simulate/read-what-if.ts'
import type { WhatIfRefusal } from '../what-if/compare-states.ts'
import { presentState } from '../what-if/present-state.ts'
import { ApiError } from './api-error.ts'
import { flattenProblem } from './print-values.ts'
import type { ReplayBody } from './replay-types.ts'
import type { SimulationBody } from './simulate-types.ts'

/** What would be if: simulations and replays. They change nothing, and are made one at a time in a thread of their own. */
export function addWhatIfRoutes(server: FastifyInstance, parts: RunningParts): void {
  const { whatIf } = parts

  server.post('/api/v1/simulate', { bodyLimit: BODY_LIMIT }, async (request): Promise<SimulationBody> => {
    const read = readWhatIf(request.body)
    if ('problem' in read) throw new ApiError(400, read.problem)
    return orThrow(await whatIf.run({ kind: 'simulate', present: presentState(parts), whatIf: read.whatIf }))
  })

  server.post('/api/v1/replay', { bodyLimit: BODY_LIMIT }, async (request): Promise<ReplayBody> => {
    const read = readReplayRequest(request.body)
    if ('problem' in read) throw new ApiError(400, read.problem)
    return orThrow(await whatIf.run({ kind: 'replay', present: presentState(parts), request: read.request }))
  })
}

/** Recorded queries come in the body: half a million lines of them. */
const BODY_LIMIT = 32 * 1024 * 1024

/** What a question came to, or the error that says why it came to nothing. */
export function orThrow<Body extends object>(result: Body | WhatIfRefusal | { readonly unavailable: string }): Body {
  if ('unavailable' in result) throw new ApiError(503, result.unavailable)
  if ('problem' in result) throw new ApiError(400, result.problem)
  if ('refusal' in result) throw new ApiError(422, result.refusal, result.problems.map(flattenProblem))
  return result
}
