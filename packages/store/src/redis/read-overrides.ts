import type { Override } from '@windrose/health'
import { oldestFirst, readOverride } from '../override-file.ts'
import type { RedisClient } from './connect-redis.ts'
import type { RedisKeys } from './redis-keys.ts'

/** All overrides, oldest first, and what is wrong with those that are none. */
export async function readOverrides(
  client: RedisClient,
  keys: RedisKeys,
): Promise<{ readonly overrides: readonly Override[]; readonly problems: readonly string[] }> {
  const overrides: Override[] = []
  const problems: string[] = []
  for (const [id, text] of Object.entries(await client.hgetall(keys.overrides))) {
    const override = readOverride(text)
    if ('problem' in override) problems.push(`override ${id}: ${override.problem}`)
    else overrides.push(override)
  }
  return { overrides: overrides.sort(oldestFirst), problems }
}
