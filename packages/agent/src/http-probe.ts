import { DEFAULT_PORTS, type HttpCheck, type HttpsCheck, type StatusRange } from '@windrose/health'
import { openConnection } from './connection.ts'
import { hostOf } from './host-header.ts'
import { authorizationOf } from './http-authorization.ts'
import type { HttpHead, HttpRequest } from './http-exchange.ts'
import { missedExpectation } from './http-expectation.ts'
import { redirectOf } from './http-redirect.ts'
import { exchangeHttp1 } from './http1-exchange.ts'
import { exchangeHttp2 } from './http2-exchange.ts'
import type { Probing } from './probing.ts'
import { readLoadFigure } from './read-load-figure.ts'
import { wishTls } from './tls-connection.ts'

/** Sends the check's request, and judges the response, or the one that its redirects lead to. */
export function probeHttp(probing: Probing, check: HttpCheck | HttpsCheck): void {
  const request = firstRequest(probing, check)
  if (request !== undefined) ask(probing, check, request, check.redirects ?? 0)
}

/** Each request has a connection of its own to the same address. */
function ask(probing: Probing, check: HttpCheck | HttpsCheck, request: HttpRequest, redirectsLeft: number): void {
  const { attempt } = probing
  const alpn = check.version === '2' ? 'h2' : undefined
  const tls = check.type === 'https' ? wishTls(check, request.host, probing, alpn) : undefined
  openConnection(probing, check, { tls }, ({ socket, concern }) => {
    let head: HttpHead
    const exchange = check.version === '2' ? exchangeHttp2 : exchangeHttp1
    exchange(attempt, socket, request, {
      bodyLimit: check.bodyLimit,
      onHead: (received) => {
        head = received
        if (isIn(head.status, wantedStatuses(check))) return true
        followOrFail(probing, check, { request, head, redirectsLeft })
        return false
      },
      onBody: (body) => judge(probing, check, { head, body, concern }),
    })
  })
}

interface UnwantedAnswer {
  readonly request: HttpRequest
  readonly head: HttpHead
  readonly redirectsLeft: number
}

function followOrFail(probing: Probing, check: HttpCheck | HttpsCheck, answer: UnwantedAnswer): void {
  const { request, head, redirectsLeft } = answer
  const { status } = head
  const redirect = redirectOf(request, status, headerText(head, 'location'), check.port)
  if (redirect !== undefined && 'request' in redirect && redirectsLeft > 0) {
    // A connection of its own, after this one has been closed.
    setImmediate(() => ask(probing, check, redirect.request, redirectsLeft - 1))
    return
  }
  const wanted = wantedStatuses(check).map(printRange).join(', ')
  probing.attempt.fail(`status ${status}, wanted ${wanted}${redirectNote(check, status, redirect)}`)
}

function redirectNote(
  { redirects = 0 }: HttpCheck | HttpsCheck,
  status: number,
  redirect: ReturnType<typeof redirectOf>,
): string {
  if (redirects === 0) return status >= 300 && status <= 399 ? ' (redirects are not followed)' : ''
  if (redirect === undefined) return ''
  return 'refusal' in redirect ? ` (${redirect.refusal})` : ` (more than ${redirects} redirects)`
}

interface WantedAnswer {
  readonly head: HttpHead
  readonly body: Buffer
  readonly concern: string | undefined
}

async function judge(probing: Probing, check: HttpCheck | HttpsCheck, answer: WantedAnswer): Promise<void> {
  const { attempt, surroundings } = probing
  const { head, body, concern } = answer
  const status = `status ${head.status}`
  attempt.waitingFor = 'the patterns could not be tried'
  attempt.waitsForAgent = true
  const missed = await missedExpectation(check, (name) => headerText(head, name), body, surroundings.patterns)
  if (missed === undefined) {
    const isDegraded = check.degradedStatus !== undefined && isIn(head.status, check.degradedStatus)
    const reason = concern === undefined ? status : `${status}; ${concern}`
    const load =
      check.load === undefined
        ? undefined
        : readLoadFigure(check.load, {
            header: (name) => headerText(head, name),
            body,
            isCut: body.length >= check.bodyLimit,
          })
    attempt.succeed(reason, isDegraded || concern !== undefined, load)
  } else if (missed.isDecided) attempt.fail(`${status}, but ${missed.what}`)
  else attempt.giveUp(missed.what)
}

function firstRequest(probing: Probing, check: HttpCheck | HttpsCheck): HttpRequest | undefined {
  const authorization = check.auth === undefined ? {} : authorizationOf(probing.attempt, check.auth)
  if (authorization === undefined) return undefined
  // The check's own headers win over ours, in whatever case they are written.
  const { host, ...own } = Object.fromEntries(
    Object.entries(check.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return {
    method: check.method,
    scheme: check.type,
    host: host ?? check.host ?? hostOf(probing.name, check.port, DEFAULT_PORTS[check.type]),
    path: check.path,
    headers: { accept: '*/*', 'user-agent': 'windrose-agent', ...authorization, ...own },
    body: check.body,
  }
}

function headerText({ headers }: HttpHead, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value?.toString()
}

function wantedStatuses({ expectStatus, degradedStatus = [] }: HttpCheck | HttpsCheck): readonly StatusRange[] {
  return [...expectStatus, ...degradedStatus]
}

function isIn(status: number, ranges: readonly StatusRange[]): boolean {
  return ranges.some(([from, to]) => from <= status && status <= to)
}

function printRange([from, to]: StatusRange): string {
  return from === to ? `${from}` : `${from}-${to}`
}
