import type { ProbeTarget } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'

/** The one address that a probe goes to; undefined when there is none, and the attempt has ended for that. */
export async function resolveTarget(
  attempt: Attempt,
  target: ProbeTarget,
  surroundings: ProbeSurroundings,
): Promise<string | undefined> {
  if (target.family !== 'name') return target.address
  const before = attempt.waitingFor
  attempt.waitingFor = `no address for ${target.address}`
  const resolved = await surroundings.resolveName(target.address, attempt)
  attempt.waitingFor = before
  if ('address' in resolved) return resolved.address
  if ('failure' in resolved) attempt.fail(resolved.failure)
  else attempt.giveUp(resolved.ownTrouble)
  return undefined
}
