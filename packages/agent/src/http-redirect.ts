import type { HttpRequest } from './http-exchange.ts'
import { printableText } from './printable-text.ts'

/** Where a redirect leads: another request on the same address, or why it is not followed. */
export type Redirect = { readonly request: HttpRequest } | { readonly refusal: string }

/**
 * The request that a response with a redirect status asks for (RFC 9110 section 15.4); undefined when it asks for none.
 *
 * It goes to the address and port that the check is for, whatever host it names: a redirect to another scheme or port is
 * refused, for it would say nothing about this endpoint.
 */
export function redirectOf(
  request: HttpRequest,
  status: number,
  location: string | undefined,
  port: number,
): Redirect | undefined {
  if (!REDIRECT_STATUSES.has(status) || location === undefined) return undefined
  const url = URL.canParse(location, baseOf(request)) ? new URL(location, baseOf(request)) : undefined
  if (url === undefined) return { refusal: 'the redirect cannot be read' }
  if (url.protocol !== `${request.scheme}:`)
    return { refusal: `the redirect leads to ${printableText(url.protocol.slice(0, -1))} and is not followed` }
  const leadsTo = url.port === '' ? DEFAULT_PORTS[request.scheme] : Number(url.port)
  // A server behind a port mapping names the port that its users see.
  const sameAsAsked = url.host === new URL(baseOf(request)).host
  if (leadsTo !== port && !sameAsAsked) return { refusal: `the redirect leads to port ${leadsTo} and is not followed` }
  return {
    request: {
      ...rewriteMethod(request, status),
      host: url.host,
      path: `${url.pathname}${url.search}`,
      headers: headersFor(request, url),
    },
  }
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

const DEFAULT_PORTS = { http: 80, https: 443 }

function baseOf({ scheme, host, path }: HttpRequest): string {
  return `${scheme}://${host}${path}`
}

/** 303 always becomes a GET; 301 and 302 do so for POST, as browsers have made the rule. */
function rewriteMethod(request: HttpRequest, status: number): HttpRequest {
  const { method } = request
  const becomesGet = status === 303 ? method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST'
  return becomesGet ? { ...request, method: 'GET', body: undefined } : request
}

/** Credentials are for the host that the check names. */
function headersFor(request: HttpRequest, url: URL): Readonly<Record<string, string>> {
  if (url.host === new URL(baseOf(request)).host) return request.headers
  const { authorization: _, ...headers } = request.headers
  return headers
}
