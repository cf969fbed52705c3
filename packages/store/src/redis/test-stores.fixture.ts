import { RecordingFollower } from '../recording-follower.fixture.ts'
import { until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import { createRedisStore, type RedisStoreOptions } from './redis-store.ts'

/** The stores of a test, in the namespace `prod`. */
export class TestStores {
  readonly #stores: Store[] = []

  open(name: string, port: number, change: Partial<RedisStoreOptions> = {}): Store {
    const at = { kind: 'url', url: `redis://127.0.0.1:${port}` } as const
    const store = createRedisStore({ access: { at, prefix: 'windrose', namespace: 'prod' }, name, ...change })
    this.#stores.push(store)
    return store
  }

  async close(): Promise<void> {
    await Promise.all(this.#stores.splice(0).map((store) => store.close()))
  }
}

/** Follows a store; resolves when everything is known. */
export async function follow(store: Store): Promise<RecordingFollower> {
  const seen = new RecordingFollower()
  store.follow(seen)
  await until(() => seen.all.length > 0)
  return seen
}
