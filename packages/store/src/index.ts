export type { CheckSet } from './check-set.ts'
export { DEAF_FOLLOWER } from './deaf-follower.ts'
export { openFileOverrides } from './file-overrides.ts'
export type { Lease } from './lease.ts'
export { type KnownLoad, LoadBook, type TotalLoad } from './load-book.ts'
export { createMemoryStore } from './memory-store.ts'
export type { OverrideAction } from './override-action.ts'
export type { OverrideStorage } from './override-storage.ts'
export { isName, nameProblem } from './records/lease-record.ts'
export { targetKey } from './records/target-key.ts'
export { type RedisUrl, readRedisUrl, withoutPassword } from './redis/read-redis-url.ts'
export type { HostPort, RedisAccess, RedisPlace, RedisTls, SentinelPlace } from './redis/redis-access.ts'
export { agentAcl, serverAcl } from './redis/redis-acl.ts'
export { createRedisStore, type RedisStoreOptions } from './redis/redis-store.ts'
export type { BatchOutcome, ReportBatch, TargetReport } from './report-batch.ts'
export { type KnownAgent, ReportBook } from './report-book.ts'
export type { ClassLoad, PoolLoad, Rate, ServerLoad } from './server-load.ts'
export type { LastSigned } from './signed-memory.ts'
export {
  NO_TRUST,
  printPublicKey,
  readPrivateKey,
  readPublicKey,
  type Sign,
  signWith,
  type Trust,
  untrustedProblem,
} from './signing.ts'
export type {
  AgentSide,
  Follower,
  Keeper,
  OverrideOutcome,
  Refusal,
  ServerSide,
  StateChanges,
  Store,
  StoreLink,
} from './store.ts'
