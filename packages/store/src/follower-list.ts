import type { Follower } from './store.ts'

/** Those who follow a store. Each is called in a turn of its own: none can break another, or whoever made the change. */
export class FollowerList {
  readonly #followers = new Set<{ readonly follower: Follower }>()

  /** `first` is called once, before anything else is told. Gives what ends it all. */
  add(follower: Follower, first: () => void): () => void {
    const entry = { follower }
    this.#followers.add(entry)
    queueMicrotask(() => {
      if (this.#followers.has(entry)) first()
    })
    return () => void this.#followers.delete(entry)
  }

  tell(call: (follower: Follower) => void): void {
    for (const entry of this.#followers) {
      queueMicrotask(() => {
        if (this.#followers.has(entry)) call(entry.follower)
      })
    }
  }

  clear(): void {
    this.#followers.clear()
  }
}
