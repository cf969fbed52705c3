import { Redis } from 'ioredis'
import { RedisServer } from '../redis-server.fixture.ts'
import { storeContract } from '../store.laws.ts'
import { createRedisStore } from './redis-store.ts'

let redis: RedisServer
let namespaces = 0
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis.stop())

storeContract('the redis store', async () => {
  const namespace = `n${namespaces++}`
  const store = createRedisStore({
    access: { at: { kind: 'url', url: redis.url }, prefix: 'windrose', namespace },
    name: 'test',
  })
  const client = new Redis(redis.url)
  await client.ping()
  client.disconnect()
  return store
})
