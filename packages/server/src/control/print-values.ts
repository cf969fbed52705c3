import type { Problem } from '@windrose/dns'
import { type Override, printOverrideTarget } from '@windrose/health'
import type { LoggedTransition } from '../health/transition-log.ts'
import type { OverrideBody, ProblemBody, TransitionBody } from './api-types.ts'

/** Epoch milliseconds as the API writes them. */
export function printTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

export function printOverride(override: Override): OverrideBody {
  const { id, target, action, reason, author, createdAt, expiresAt } = override
  return {
    id,
    target: printOverrideTarget(target),
    kind: target.kind,
    action,
    reason,
    author,
    createdAt: printTime(createdAt),
    expiresAt: expiresAt === undefined ? null : printTime(expiresAt),
  }
}

export function printTransition({
  sequence,
  at,
  endpoint,
  from,
  to,
  vantage,
  reason,
}: LoggedTransition): TransitionBody {
  return { sequence, at: printTime(at), endpoint, from, to, vantage: vantage ?? null, reason }
}

/** A problem with its place laid flat. */
export function flattenProblem({ severity, place, message, hint, sourceLine }: Problem): ProblemBody {
  return {
    severity,
    ...place,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(sourceLine === undefined ? {} : { sourceLine }),
  }
}
