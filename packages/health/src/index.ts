export type { AgentPresence } from './agent-presence.ts'
export { cellUnderOverride } from './cell-under-override.ts'
export { CHECK_DEFAULTS, type Check, DEFAULT_PORTS, defaultTimeoutMs, type ProbedCheck } from './check.ts'
export { allOf, type CheckGroup, type CheckLeaf, type CheckRule, judgeRule, leavesOf } from './check-rule.ts'
export type { CommandCheck } from './command-check.ts'
export type { GrpcCheck, IcmpCheck, Octets, TcpCheck, TlsCheck } from './connection-checks.ts'
export type { MysqlCheck, PostgresCheck, RedisCheck } from './database-checks.ts'
export { DNS_CHECK_QTYPES, DNS_CHECK_RCODES, type DnsCheck, type DnsCheckQtype } from './dns-check.ts'
export { isVoting } from './electorate.ts'
export {
  type EffectiveView,
  type EndpointStatus,
  endpointStatuses,
  type Situation,
  type VantageView,
} from './endpoint-status.ts'
export {
  type CheckStanding,
  checkStandings,
  judgeEndpoint,
  type ProbedEndpoint,
  type TargetVerdicts,
} from './endpoint-verdict.ts'
export type { CheckCommon, PortCheck } from './every-check.ts'
export { type FilledTable, fillTable } from './fill-table.ts'
export {
  BRAKE_DEFAULTS,
  type BrakeRule,
  DAMPING_DEFAULTS,
  type DampingRule,
  type HealthRules,
  PUSH_VANTAGE,
  type Quorum,
  RAMP_DEFAULTS,
  type RampRule,
  SINGLE_AGENT,
} from './health-rules.ts'
export {
  expectNews,
  forgetTargets,
  type HealthState,
  healthStateOf,
  NO_HEALTH,
  nextChangeAt,
  replaceTargets,
} from './health-state.ts'
export type { Heard } from './heard.ts'
export {
  type HeaderExpectation,
  HTTP_DEFAULTS,
  type HttpAuth,
  type HttpCheck,
  type HttpRequestCheck,
  type HttpsCheck,
  type StatusRange,
} from './http-check.ts'
export type { LoadField, LoadFigure } from './load-figure.ts'
export { type News, next, nextTargets } from './next.ts'
export type { Override, OverrideTarget } from './override.ts'
export { isExpired, matchesOverride, printOverrideTarget, rankOverrides, warnUnmatched } from './override-match.ts'
export { type KnownNames, type OverrideTargetRead, readOverrideTarget } from './override-target.ts'
export type { ProbeResult } from './probe-result.ts'
export { makeProbeTarget, type ProbeTarget } from './probe-target.ts'
export { PUSH_TIMING, type PushCheck } from './push-check.ts'
export { PUSH_STATUSES, type Push, type PushStatus, pushResult } from './push-state.ts'
export { isNewerReport, type Report } from './report.ts'
export {
  applyResult,
  isInTransition,
  NOT_PROBED,
  type RiseFallRule,
  type RiseFallState,
  stabilityOf,
} from './rise-fall.ts'
export { shortenReason } from './shorten-reason.ts'
export { printVerdict, type Standing, UNCHECKED, UNHEARD, type VerdictWord } from './standing.ts'
export { suggestName } from './suggest-name.ts'
export { groupTargets, type TargetGroup, type TargetGroups } from './target-groups.ts'
export { explainView, type TargetState, targetChangesAt, type ViewState } from './target-state.ts'
export { decodeTargetState, encodeTargetState } from './target-state-codec.ts'
export { TargetStates } from './target-states.ts'
export { EXPIRY_CONCERN_DAYS, type TlsOptions, type TlsVersion } from './tls-options.ts'
export type { Transition } from './transitions.ts'
