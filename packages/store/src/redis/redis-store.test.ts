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
  return createRedisStore({
    access: { at: { kind: 'url', url: redis.url }, prefix: 'windrose', namespace },
    name: 'test',
  })
})
