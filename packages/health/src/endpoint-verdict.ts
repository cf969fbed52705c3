import { Verdict } from '@windrose/steering'
import { allOf, type CheckLeaf, type CheckRule, judgeRule, leavesOf } from './check-rule.ts'
import type { ProbeTarget } from './probe-target.ts'
import { type Standing, UNHEARD } from './standing.ts'
import { explainView, GLOBAL, type TargetState, type ViewState, viewAt } from './target-state.ts'

/** An endpoint with what is probed for it. */
export interface ProbedEndpoint {
  /** Row in the health table. */
  readonly index: number
  /** `service/site/target`. */
  readonly id: string
  /** One for each of its checks; none means that it is up for ever. */
  readonly targets: readonly ProbeTarget[]
  /** What the checks must say; left out, all must be up. */
  readonly rule?: CheckRule
}

/** The part of a state that the standing of endpoints follows from. */
export interface TargetVerdicts {
  /** By the id of the probe target. */
  readonly targets: ReadonlyMap<string, TargetState>
}

/** One check of an endpoint, as it stands. */
export interface CheckStanding extends Pick<CheckLeaf, 'check' | 'target' | 'critical' | 'observe'> {
  readonly standing: Standing
}

/**
 * An endpoint's standing by its checks alone, before any override: globally, or as a vantage has it. Of a check on which the
 * vantage does not know, or has only an old verdict, the global one counts; then nothing promises how long.
 */
export function judgeEndpoint(endpoint: ProbedEndpoint, verdicts: TargetVerdicts, vantage: string = GLOBAL): Standing {
  return judgeRule(ruleOf(endpoint), ({ target }) => standingOf(target, verdicts, vantage))
}

/** The standing of every check of an endpoint, in the order of the file. */
export function checkStandings(
  endpoint: ProbedEndpoint,
  verdicts: TargetVerdicts,
  vantage: string = GLOBAL,
): readonly CheckStanding[] {
  return leavesOf(ruleOf(endpoint)).map(({ check, target, critical, observe }) => ({
    check,
    target,
    critical,
    observe,
    standing: standingOf(target, verdicts, vantage),
  }))
}

function ruleOf({ rule, targets }: ProbedEndpoint): CheckRule {
  return rule ?? allOf(targets.map(({ id, check }) => ({ check: check.name, target: id })))
}

function standingOf(target: string, { targets }: TargetVerdicts, vantage: string): Standing {
  const state = targets.get(target)
  const view = viewAt(state, vantage)
  if (view !== undefined && (vantage === GLOBAL || (view.verdict !== Verdict.unknown && !view.stale))) {
    return explained(view)
  }
  return vantage === GLOBAL || state === undefined ? UNHEARD : { ...explained(state.global), stability: 0 }
}

function explained(view: ViewState): Standing {
  const reason = explainView(view)
  return reason === view.reason ? view : { ...view, reason }
}
