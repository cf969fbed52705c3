export type { AgentPresence } from './agent-presence.ts'
export {
  CHECK_DEFAULTS,
  type Check,
  type CheckCommon,
  defaultTimeoutMs,
  HTTP_DEFAULTS,
  type HttpCheck,
  type HttpRequestCheck,
  type HttpsCheck,
  type StatusRange,
  type TcpCheck,
} from './check.ts'
export { combineStandings, judgeEndpoint, type ProbedEndpoint } from './endpoint-verdict.ts'
export { type EndpointStatus, endpointStatus, type FilledTable, fillTable, type Situation } from './fill-table.ts'
export type { Override, OverrideTarget } from './override.ts'
export { findOverride, isExpired, matchesOverride, printOverrideTarget, warnUnmatched } from './override-match.ts'
export { type KnownNames, type OverrideTargetRead, readOverrideTarget } from './override-target.ts'
export type { ProbeResult } from './probe-result.ts'
export { makeProbeTarget, type ProbeTarget } from './probe-target.ts'
export { isNewerReport, type Report } from './report.ts'
export { applyResult, NOT_PROBED, type RiseFallRule, type RiseFallState, stabilityOf } from './rise-fall.ts'
export { printVerdict, type Standing, UNCHECKED, UNHEARD, type VerdictWord } from './standing.ts'
export { suggestName } from './suggest-name.ts'
export type { Transition } from './transitions.ts'
export {
  forgetTargets,
  NO_VERDICTS,
  next,
  nextTarget,
  type Quorum,
  SINGLE_AGENT,
  type TargetVerdict,
  type VerdictState,
} from './verdicts.ts'
