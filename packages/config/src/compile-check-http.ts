import {
  type HeaderExpectation,
  HTTP_DEFAULTS,
  type HttpAuth,
  type HttpRequestCheck,
  type PortCheck,
  type StatusRange,
} from '@windrose/health'
import { type Compilation, reportAtKey, reportError } from './compilation.ts'
import { refuseBadPattern } from './compile-check-pattern.ts'
import { checkFile } from './compile-check-tls.ts'
import type { DocumentPath } from './document-path.ts'
import type { CheckSettings } from './schema/check.ts'
import type { StatusSettings } from './schema/check-expect.ts'
import { withoutUndefined } from './without-undefined.ts'

/** What is asked over HTTP and what must come back. */
export function compileHttp(compilation: Compilation, common: PortCheck, check: CheckSettings): HttpRequestCheck {
  const path = ['checks', common.name]
  const { expect = {}, degraded_when } = check
  refuseBadPattern(compilation, [...path, 'expect', 'body_matches'], expect.body_matches)
  return withoutUndefined({
    ...common,
    version: check.version === '2' ? ('2' as const) : undefined,
    method: check.method ?? HTTP_DEFAULTS.method,
    path: check.path ?? HTTP_DEFAULTS.path,
    host: check.host,
    headers: check.headers ?? {},
    body: check.body,
    auth: compileAuth(compilation, common.name, check),
    expectStatus:
      expect.status === undefined
        ? HTTP_DEFAULTS.expectStatus
        : compileStatuses(compilation, [...path, 'expect', 'status'], expect.status),
    degradedStatus:
      degraded_when?.status === undefined
        ? undefined
        : compileStatuses(compilation, [...path, 'degraded_when', 'status'], degraded_when.status),
    expectBody: expect.body,
    expectBodyMatches: expect.body_matches,
    expectHeaders: compileHeaders(compilation, common.name, expect.headers),
    bodyLimit: expect.body_limit ?? HTTP_DEFAULTS.bodyLimit,
    redirects: check.redirects === 0 ? undefined : check.redirects,
  })
}

function compileStatuses(compilation: Compilation, path: DocumentPath, status: StatusSettings): readonly StatusRange[] {
  return [status].flat().map((entry) => {
    const [from = 0, to = from] = String(entry).split('-').map(Number)
    if (to < from) reportError(compilation, path, `"${entry}" ends before it starts`)
    return [from, to]
  })
}

function compileHeaders(
  compilation: Compilation,
  name: string,
  headers: NonNullable<CheckSettings['expect']>['headers'],
): readonly HeaderExpectation[] | undefined {
  if (headers === undefined) return undefined
  return Object.entries(headers).map(([header, wanted]) => {
    const path = ['checks', name, 'expect', 'headers', header]
    if (typeof wanted === 'string') return { name: header, equals: wanted }
    const { matches, present } = wanted
    if ((matches === undefined) === (present === undefined))
      reportError(compilation, path, 'expected either "matches" or "present"')
    refuseBadPattern(compilation, [...path, 'matches'], matches)
    if (present === false) return { name: header, absent: true }
    return withoutUndefined({ name: header, matches })
  })
}

function compileAuth(compilation: Compilation, name: string, { auth }: CheckSettings): HttpAuth | undefined {
  if (auth === undefined) return undefined
  const { user, password_file, token_file } = auth
  if (token_file !== undefined && user === undefined && password_file === undefined)
    return { scheme: 'bearer', tokenFile: checkFile(compilation, token_file) }
  if (user !== undefined && password_file !== undefined && token_file === undefined) {
    const path = ['checks', name, 'auth', 'user']
    if (user.includes(':')) reportError(compilation, path, 'a user of basic authentication has no ":" (RFC 7617)')
    return { scheme: 'basic', user, passwordFile: checkFile(compilation, password_file) }
  }
  const message = 'expected either "user" and "password_file", or "token_file"'
  reportAtKey(compilation, { severity: 'error', path: ['checks', name, 'auth'], message })
  return undefined
}
