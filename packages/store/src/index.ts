export type { AgentIncarnation, OverrideOutcome, Store, StoreEvent, StoreListener } from './store.ts'
