import { createHash } from 'node:crypto'
import type { RedisClient } from './connect-redis.ts'

/** What must happen in Redis as one: Lua, sent once and named by its digest from then on. */
export interface RedisScript {
  readonly lua: string
  readonly sha: string
}

/** KEYS incarnation, sequence; ARGV floor. The new incarnation. */
export const ENROLL: RedisScript = script(`
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
local incarnation = math.max(known, tonumber(ARGV[1])) + 1
redis.call('SET', KEYS[1], string.format('%d', incarnation))
redis.call('SET', KEYS[2], '0')
return incarnation`)

/** Only the latest incarnation may write. One that is later than what is known was forgotten: Redis went back in time. */
const OF_INCARNATION = `
local held = redis.call('GET', KEYS[1])
if not held or tonumber(held) < tonumber(ARGV[1]) then return -1 end
if held ~= ARGV[1] then return 0 end`

/**
 * What comes late, from a connection that was given up, must not undo what came after it; nobody waits for what becomes of
 * it. Who does wait and is behind has had somebody else write under its name, and must begin anew to be heard.
 */
const IN_ORDER = `
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if last > tonumber(ARGV[2]) then return -1 end
if last == tonumber(ARGV[2]) then return 1 end
redis.call('SET', KEYS[2], ARGV[2])`

/** Only who holds the keeper's lease may write. */
const OF_KEEPER = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end`

/** Of a log: ARGV 3 is a record, 4 its signature, 5 the entries that are kept. */
const APPEND = `
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 'd', ARGV[3], 's', ARGV[4])
return 1`

/** Of a table, KEYS 4: what its log had before is in the table now. */
const WRITE = `
local id = redis.call('XADD', KEYS[3], '*', 'w', ARGV[2])
redis.call('SET', KEYS[4], string.char(#id) .. id .. string.char(#ARGV[4]) .. ARGV[4] .. ARGV[3])
redis.call('XTRIM', KEYS[3], 'MINID', id)
return 1`

/** KEYS incarnation, sequence, log; ARGV incarnation, sequence, record, signature, entries. */
export const APPEND_CHANGE: RedisScript = script(OF_INCARNATION + IN_ORDER + APPEND)

/** KEYS incarnation, sequence, log, table; ARGV incarnation, sequence, record, signature. */
export const WRITE_TABLE: RedisScript = script(OF_INCARNATION + IN_ORDER + WRITE)

/** KEYS keeper, keeper, log; ARGV keeper, sequence, record, signature, entries. */
export const APPEND_STATES: RedisScript = script(OF_KEEPER + APPEND)

/** KEYS keeper, keeper, log, states; ARGV keeper, sequence, record, signature. */
export const WRITE_STATES: RedisScript = script(OF_KEEPER + WRITE)

/**
 * KEYS incarnation, lease, sequence, and what else an agent has; ARGV incarnation, sequence, lease, milliseconds, those of
 * the rest or 0. A lease that tells of a batch which is not there: Redis has lost it, as one does that failed over.
 */
export const RENEW: RedisScript = script(`${OF_INCARNATION}
if tonumber(redis.call('GET', KEYS[3]) or '0') < tonumber(ARGV[2]) then return -1 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
if ARGV[5] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  for i = 3, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
end
return 1`)

/** KEYS incarnation, sequence, load, servers; ARGV incarnation, sequence, record, milliseconds, those of the rest, server. */
export const WRITE_LOAD: RedisScript = script(`${OF_INCARNATION}${IN_ORDER}
redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4])
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
redis.call('SADD', KEYS[4], ARGV[6])
return 1`)

/** KEYS incarnation, lease; ARGV incarnation. Without DEL, which an agent need not have the right to. */
export const LEAVE: RedisScript = script(`${OF_INCARNATION}
redis.call('SET', KEYS[2], '', 'PX', 1)
return 1`)

/** KEYS servers, record; ARGV server, record, milliseconds. In one: who sees the name without the record takes it away. */
export const NAME_SERVER: RedisScript = script(`
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[1], ARGV[1])
return 1`)

/** KEYS set of names, and what must be gone; ARGV name. */
export const REMOVE_NAME: RedisScript = script(`
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
return redis.call('SREM', KEYS[1], ARGV[1])`)

/**
 * KEYS servers, the server's record, its load, other servers' records; ARGV server, milliseconds. The name goes if another
 * record says the same and stands that long.
 */
export const WITHDRAW: RedisScript = script(`
redis.call('SET', KEYS[3], '', 'PX', 1)
local record = redis.call('GET', KEYS[2])
for i = 4, #KEYS do
  if redis.call('GET', KEYS[i]) == record and redis.call('PTTL', KEYS[i]) >= tonumber(ARGV[2]) then
    return redis.call('SREM', KEYS[1], ARGV[1])
  end
end
return 0`)

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

/** KEYS overrides, audit; ARGV id, override, its end in milliseconds, entries. Only this very one, and only when it is over. */
export const END_OVERRIDE: RedisScript = script(`
if tonumber(redis.call('TIME')[1]) * 1000 < tonumber(ARGV[3]) - 1000 then return 0 end
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'action', 'remove', 'by', 'its end', 'override', ARGV[2])
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
