import { isAbsolute } from 'node:path'
import type { ReplayRequest } from '../control/replay-types.ts'

/** Reads the body of a request. What is wrong with it is a sentence. */
export function readReplayRequest(body: unknown): { readonly request: ReplayRequest } | { readonly problem: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { problem: 'expected an object with config and queries' }
  }
  const { config, queries, ...others } = body as Readonly<Record<string, unknown>>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return { problem: `unknown field "${unknown}"; known are config, queries` }
  if (typeof config !== 'string' || !isAbsolute(config)) {
    return { problem: 'config is needed: the absolute path of a configuration on the machine of the server' }
  }
  if (typeof queries !== 'string') return { problem: 'queries is needed: recorded queries, one a line' }
  return { request: { config, queries } }
}
