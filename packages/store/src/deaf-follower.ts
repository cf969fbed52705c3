import type { Follower } from './store.ts'

/** Hears nothing: for who wants to hear of a part, and says so over it. */
export const DEAF_FOLLOWER: Follower = {
  onAll: () => undefined,
  onReports: () => undefined,
  onAgents: () => undefined,
  onOverrides: () => undefined,
  onStates: () => undefined,
  onLink: () => undefined,
  onRefused: () => undefined,
}
