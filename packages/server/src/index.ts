export { type AgentRunOptions, type RunningAgent, runAgent } from './agent/run-agent.ts'
export type { StoreWish } from './agent/store-access.ts'
export type {
  AgentBody,
  AuditActionBody,
  AuditBody,
  CheckCountsBody,
  ConfigBody,
  DatabaseBody,
  EndpointBody,
  ErrorBody,
  FailbackBody,
  FailureBody,
  KnownAgentBody,
  OverrideBody,
  OverrideChangeBody,
  OverrideRequest,
  OverridesBody,
  ProbeResultsBody,
  ProblemBody,
  ReadyBody,
  ReloadBody,
  ServiceBody,
  SiteBody,
  SkippedBody,
  StatusBody,
  StoreBody,
  ThreadBody,
  TransitionBody,
  TransitionsBody,
  VantageBody,
  VerdictBody,
} from './control/api-types.ts'
export type {
  AreaExplanationBody,
  DecisionBody,
  ExplainedAreaBody,
  ExplainedClientsBody,
  ExplainedDecisionBody,
  ExplainedHintBody,
  ExplainedNameBody,
  ExplanationBody,
  PickBody,
  PlaceBody,
  UnitsBody,
} from './control/explain-types.ts'
export type {
  ChangedAspect,
  ReplayBody,
  ReplayedAnswerBody,
  ReplayedChangeBody,
  ReplayedNameBody,
  ReplayRequest,
} from './control/replay-types.ts'
export type {
  CapacityBody,
  DemandBody,
  FamiliesBody,
  MoveBody,
  PopulationBody,
  SimulatedServiceBody,
  SimulatedSiteBody,
  SimulationBody,
  SimulationRequest,
  SiteDemandBody,
  SiteShareBody,
  StateChange,
} from './control/simulate-types.ts'
export { explainFromFile } from './explain-file.ts'
export { printTrustedKey } from './health/untrusted-key.ts'
export { ListenError } from './listen-error.ts'
export { ListenRefused } from './listen-http.ts'
export { createLog, type Logger, type LogOptions } from './log.ts'
export type { ReloadFailure, ReloadOutcome, ReloadTrigger } from './reload.ts'
export type { RunningServer } from './running-server.ts'
export { type ServeOptions, startServer } from './serve.ts'
export { handleSignals } from './signals.ts'
export type { StartOptions } from './start-options.ts'
export { ConfigurationRefused, StartRefused } from './start-refused.ts'
export { obtainServerIdentity } from './state/server-identity.ts'
export { VERSION } from './version.ts'
export { replayFromFile, simulateFromFile } from './what-if/from-file.ts'
