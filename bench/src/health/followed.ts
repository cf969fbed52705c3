import { DEAF_FOLLOWER, type Follower, type ServerSide } from '@windrose/store'

/** Follows a store, and resolves when everything that it holds is there. Gives what ends that. */
export function followed(store: ServerSide, change: Partial<Follower> = {}): Promise<() => void> {
  return new Promise((resolve) => {
    const leave = store.follow({ ...DEAF_FOLLOWER, ...change, onAll: () => resolve(leave) })
  })
}
