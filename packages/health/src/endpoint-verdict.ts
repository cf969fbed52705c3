import { Verdict } from '@windrose/steering'
import type { ProbeTarget } from './probe-target.ts'
import { type Standing, UNCHECKED, UNHEARD } from './standing.ts'
import type { VerdictState } from './verdicts.ts'

/** An endpoint with what is probed for it. */
export interface ProbedEndpoint {
  /** Row in the health table. */
  readonly index: number
  /** `service/site/target`. */
  readonly id: string
  /** One for each of its checks; none means that it is up for ever. */
  readonly targets: readonly ProbeTarget[]
}

/** An endpoint's standing by its checks alone, before any override. */
export function judgeEndpoint(endpoint: ProbedEndpoint, state: VerdictState): Standing {
  return combineStandings(
    endpoint.targets.map((target) => ({
      check: target.check.name,
      standing: state.targets.get(target.id)?.global ?? UNHEARD,
    })),
  )
}

/**
 * All checks must agree that it is up: down is worse than unknown, unknown worse than up, and the worst wins. The
 * combination holds no longer than the shortest part of it, be that the healthy one.
 */
export function combineStandings(parts: readonly { check: string; standing: Standing }[]): Standing {
  const [first, ...others] = parts
  if (first === undefined) return UNCHECKED
  if (others.length === 0) return first.standing
  const worst = others.reduce((worse, part) => (isWorse(part.standing, worse.standing) ? part : worse), first)
  const sameVerdict = parts.filter((part) => part.standing.verdict === worst.standing.verdict)
  const { verdict, reason } = worst.standing
  return {
    verdict,
    since: sinceOf(
      sameVerdict.map((part) => part.standing.since),
      verdict,
    ),
    reason: `${worst.check}: ${reason}`,
    stability: Math.min(...parts.map((part) => part.standing.stability)),
    degraded: verdict === Verdict.up && parts.some((part) => part.standing.degraded),
    stale: parts.some((part) => part.standing.stale),
  }
}

/** Up since the last check came up, down since the first one went down. */
function sinceOf(times: readonly number[], verdict: Verdict): number {
  return verdict === Verdict.up ? Math.max(...times) : Math.min(...times)
}

function isWorse(a: Standing, b: Standing): boolean {
  if (a.verdict !== b.verdict) return BADNESS[a.verdict] > BADNESS[b.verdict]
  return a.degraded && !b.degraded
}

const BADNESS: Readonly<Record<Verdict, number>> = { [Verdict.up]: 0, [Verdict.unknown]: 1, [Verdict.down]: 2 }
