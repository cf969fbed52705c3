import type { Follower, ServerSide } from '@windrose/store'

/** Follows a store, and resolves when everything that it holds is there. Gives what ends that. */
export function followed(store: ServerSide, change: Partial<Follower> = {}): Promise<() => void> {
  return new Promise((resolve) => {
    const leave = store.follow({ ...DEAF, ...change, onAll: () => resolve(leave) })
  })
}

const DEAF: Follower = {
  onAll: () => undefined,
  onReports: () => undefined,
  onAgents: () => undefined,
  onOverrides: () => undefined,
  onStates: () => undefined,
  onLink: () => undefined,
  onRefused: () => undefined,
}
