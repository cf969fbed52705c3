import type { ProbeResult, ProbeTarget } from '@windrose/health'
import { Attempt } from './attempt.ts'
import { openConnection } from './connection.ts'
import { probeHttp } from './http-probe.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'
import { probeTcp } from './tcp-probe.ts'

/**
 * Probes a target once, on a fresh connection to exactly its address. Never rejects, and takes no longer than the
 * check's timeout; when `signal` aborts the result is inconclusive.
 */
export function probe(target: ProbeTarget, surroundings: ProbeSurroundings, signal: AbortSignal): Promise<ProbeResult> {
  const { check } = target
  const attempt = new Attempt(check.timeoutMs, signal)
  openConnection(attempt, target, surroundings, (connection) => {
    if (check.type === 'tcp') probeTcp(attempt, connection.socket, check)
    else probeHttp(attempt, connection, target.address, check)
  })
  return attempt.result
}
