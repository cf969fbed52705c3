export type { Answer } from './answer.ts'
export { anticipate } from './anticipate.ts'
export type { BodyImage } from './body-image.ts'
export { composeBodies } from './compose-bodies.ts'
export { COUNTER_CELLS, Counter } from './counters.ts'
export { decideFor } from './decide-for.ts'
export { Exchange, viewOf } from './exchange.ts'
export {
  type ClientPick,
  type ExplainedDecision,
  type ExplainedHint,
  type ExplainedKind,
  type ExplainedName,
  type ExplainedQuestion,
  type Explanation,
  explain,
} from './explain.ts'
export { BATCH_MAX, type PacketBatch } from './foresight.ts'
export { Client, placeClient } from './identify-client.ts'
export { isServed } from './is-served.ts'
export { countLoadCells, demandBases } from './load-cells.ts'
export {
  type AnswerSource,
  type LikelyAnswer,
  Rehearsal,
  type RehearsedQuestion,
  rehearse,
  type Steering,
} from './rehearsal.ts'
export { respond, SILENCE } from './respond.ts'
export { type Ambient, ambientFrom, Runtime } from './runtime.ts'
export { type Settings, UDP_PAYLOAD } from './settings.ts'
export type { AliasAddresses, ServicePlacement, Snapshot } from './snapshot.ts'
export { WHOAMI_SERVICE } from './whoami.ts'
