import type { HttpAuth } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import { readSecret } from './secret-file.ts'

/** The Authorization header, RFC 7617 or RFC 6750; undefined when the secret cannot be read and the probe is given up. */
export function authorizationOf(attempt: Attempt, auth: HttpAuth): { authorization: string } | undefined {
  if (auth.scheme === 'bearer') {
    const token = readSecret(attempt, auth.tokenFile)
    return token === undefined ? undefined : { authorization: `Bearer ${token}` }
  }
  const password = readSecret(attempt, auth.passwordFile)
  if (password === undefined) return undefined
  return { authorization: `Basic ${Buffer.from(`${auth.user}:${password}`).toString('base64')}` }
}
