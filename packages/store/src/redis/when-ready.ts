import { isDisconnected, type RedisClient } from './connect-redis.ts'

/**
 * Resolves at once when the connection is there, else when it comes; rejects with what `outOfReach` says when it does not
 * within the time.
 */
export function whenReady(client: RedisClient, withinMs: number, outOfReach: () => string): Promise<void> {
  if (client.status === 'ready') return Promise.resolve()
  return new Promise((resolve, reject) => {
    const settle = (problem?: string) => {
      clearTimeout(timer)
      client.off('ready', onReady)
      client.off('end', onEnd)
      if (problem === undefined) resolve()
      else reject(new Error(problem))
    }
    const onReady = () => settle()
    const onEnd = () => settle(isDisconnected(client) ? 'the store is closed' : outOfReach())
    const timer = setTimeout(() => settle(outOfReach()), withinMs)
    client.on('ready', onReady)
    client.on('end', onEnd)
  })
}
