import { createHash } from 'node:crypto'
import type { RedisClient } from './connect-redis.ts'

/** What must happen in Redis as one: Lua, sent once and named by its digest from then on. */
export interface RedisScript {
  readonly lua: string
  readonly sha: string
}

/** KEYS incarnation; ARGV floor. The new incarnation. */
export const ENROLL: RedisScript = script(`
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
local incarnation = math.max(known, tonumber(ARGV[1])) + 1
redis.call('SET', KEYS[1], string.format('%d', incarnation))
return incarnation`)

/** Tells who is refused from who is not known. */
const GUARD = `
local held = redis.call('GET', KEYS[1])
if not held then return -1 end
if held ~= ARGV[1] then return 0 end`

/** KEYS guard, log; ARGV expected, record, signature, entries. */
export const APPEND: RedisScript = script(`${GUARD}
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'd', ARGV[2], 's', ARGV[3])
return 1`)

/** KEYS guard, log, table; ARGV expected, record, signature, sequence. What the log had before is in the table now. */
export const WRITE_WHOLE: RedisScript = script(`${GUARD}
local id = redis.call('XADD', KEYS[2], '*', 'w', ARGV[4])
redis.call('SET', KEYS[3], string.char(#id) .. id .. string.char(#ARGV[3]) .. ARGV[3] .. ARGV[2])
redis.call('XTRIM', KEYS[2], 'MINID', id)
return 1`)

/** KEYS incarnation, lease; ARGV expected, lease, milliseconds. */
export const RENEW: RedisScript = script(`${GUARD}
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1`)

/** KEYS incarnation, lease; ARGV expected. Without DEL, which an agent need not have the right to. */
export const LEAVE: RedisScript = script(`${GUARD}
redis.call('SET', KEYS[2], '', 'PX', 1)
return 1`)

/** KEYS keeper, fence; ARGV server, milliseconds. The fence, or false while another server keeps. */
export const KEEP: RedisScript = script(`
local held = redis.call('GET', KEYS[1])
if not held then
  local fence = redis.call('INCR', KEYS[2])
  redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. fence, 'PX', ARGV[2])
  return fence
end
local server, fence = string.match(held, '^(.*) (%d+)$')
if server ~= ARGV[1] then return false end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return tonumber(fence)`)

/** KEYS birth; ARGV word. The word that is there now. */
export const BIRTH: RedisScript = script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`)

/** KEYS overrides, audit; ARGV id, override, by, entries. Nothing where the override is there. */
export const RESTORE_OVERRIDE: RedisScript = script(`
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'action', 'put', 'by', ARGV[3], 'override', ARGV[2])
return 1`)

/** KEYS overrides, audit; ARGV id, override, by, entries. */
export const PUT_OVERRIDE: RedisScript = script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'action', 'put', 'by', ARGV[3], 'override', ARGV[2])
return 1`)

/** KEYS overrides, audit; ARGV id, by, entries. 0 where there is no such override. */
export const REMOVE_OVERRIDE: RedisScript = script(`
local override = redis.call('HGET', KEYS[1], ARGV[1])
if not override then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'action', 'remove', 'by', ARGV[2], 'override', override)
return 1`)

/** Lines of the audit that are kept. */
export const AUDIT_ENTRIES = 10_000

export async function runScript(
  client: RedisClient,
  { lua, sha }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args)
  } catch (error) {
    // A Redis that was restarted or failed over does not know it yet.
    if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
    return client.eval(lua, keys.length, ...keys, ...args)
  }
}

function script(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}
