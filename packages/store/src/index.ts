export { openFileOverrides } from './file-overrides.ts'
export { createMemoryStore } from './memory-store.ts'
export type { OverrideStorage } from './override-storage.ts'
export type { AgentIncarnation, OverrideOutcome, Store, StoreEvent, StoreListener } from './store.ts'
