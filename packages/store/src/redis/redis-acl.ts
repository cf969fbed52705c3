import { RedisKeys } from './redis-keys.ts'

/**
 * The rules of a Redis or Valkey ACL (`ACL SETUSER`, with the selectors of Redis 7) that give a server, or one agent, what
 * it needs and no more: an agent reads what is to be probed and writes what it says, under its own name only.
 */
export function serverAcl(prefix: string, namespace: string): string {
  const { base } = new RedisKeys(prefix, namespace)
  return ['on', 'resetkeys', 'resetchannels', '-@all', `~${base}:*`, ...rights([...OF_ALL, ...OF_SERVERS])].join(' ')
}

export function agentAcl(prefix: string, namespace: string, agent: string): string {
  const keys = new RedisKeys(prefix, namespace)
  const readable = [keys.servers, keys.server('*'), keys.checks('*')].map((key) => `%R~${key}`)
  return [
    'on',
    'resetkeys',
    'resetchannels',
    '-@all',
    `~${keys.base}:a:${agent}:*`,
    ...rights([...OF_ALL, ...OF_AGENTS]),
    `(~${keys.agents} +sadd)`,
    `(${readable.join(' ')} +smembers +mget +get)`,
  ].join(' ')
}

/** The last four: for Redis Cluster. */
const OF_ALL = [
  'ping',
  'hello',
  'auth',
  'select',
  'info',
  'client|setname',
  'cluster|slots',
  'cluster|info',
  'asking',
  'readonly',
]
const OF_AGENTS = ['eval', 'evalsha', 'get', 'set', 'pexpire', 'xadd', 'xtrim']
const OF_SERVERS = [
  ...OF_AGENTS,
  'mget',
  'sadd',
  'smembers',
  'hget',
  'hset',
  'hsetnx',
  'hdel',
  'hgetall',
  'incr',
  'time',
  'exists',
  'pttl',
  'srem',
  'xread',
  'xrange',
  'xrevrange',
]

function rights(commands: readonly string[]): string[] {
  return commands.map((command) => `+${command}`)
}
