import { withoutPassword } from './read-redis-url.ts'
import type { HostPort, RedisAccess } from './redis-access.ts'

/** Why Redis is out of reach, for people: where it was looked for, what went wrong, and what may be done about it. */
export function explainError(message: string, access: RedisAccess, wasUp: boolean): string {
  return `${printPlace(access)}: ${addHint(message, access, wasUp)}`
}

/** Whether it only says that a command could not be sent, and nothing of why. */
export function isConsequence(message: string): boolean {
  return /Stream isn't writeable|Connection is closed|max retries|None of startup nodes/i.test(message)
}

/** An error with what may be done about it, where the error itself does not say. */
export function addHint(message: string, { at, tls }: RedisAccess, wasUp: boolean): string {
  const isTls = tls !== undefined || (at.kind === 'url' && at.url.startsWith('rediss:'))
  const isMeant = ({ of, overTls }: Hint): boolean =>
    of.test(message) && (overTls === undefined || (overTls === isTls && !wasUp))
  const hint = HINTS.find(isMeant)?.hint
  return hint === undefined ? message : `${message} (${hint})`
}

interface Hint {
  readonly of: RegExp
  /** Set where it is about whether TLS is spoken: then it is given for one of both, and only while nothing has passed yet. */
  readonly overTls?: boolean
  readonly hint: string
}

const HINTS: readonly Hint[] = [
  { of: /NOPERM/, hint: '"windrose store acl" prints the rights that a user needs, for its namespace and name' },
  { of: /self-signed certificate|unable to (get|verify)/i, hint: 'ca_file or --ca-file names the authority to trust' },
  { of: /does not match certificate/i, hint: 'server_name or --server-name says which name it has' },
  { of: /certificate required/i, hint: 'cert_file or --cert-file names one to show' },
  {
    of: /wrong version number|packet length too long|ETIMEDOUT/i,
    overTls: true,
    hint: 'is it TLS that is spoken there?',
  },
  { of: /ECONNRESET|closed/i, overTls: false, hint: 'is it TLS that is spoken there? Then rediss://' },
]

/** Without its user. */
function printPlace({ at }: RedisAccess): string {
  if (at.kind === 'url') return withoutPassword(at.url).replace(/\/$/, '')
  if (at.kind === 'cluster') return `the cluster of ${printHosts(at.nodes)}`
  return `the primary ${at.master} of the Sentinels ${printHosts(at.sentinels)}`
}

function printHosts(hosts: readonly HostPort[]): string {
  return hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ')
}
