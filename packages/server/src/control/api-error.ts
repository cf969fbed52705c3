import type { ErrorBody, ProblemBody } from './api-types.ts'

/** What a request is answered with when it cannot be done. */
export class ApiError extends Error {
  readonly status: number
  readonly problems: readonly ProblemBody[] | undefined

  /** `detail` is a sentence for people. */
  constructor(status: number, detail: string, problems?: readonly ProblemBody[]) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.problems = problems
  }
}

/** The body of an error (RFC 9457). */
export function composeError(status: number, detail: string, problems?: readonly ProblemBody[]): ErrorBody {
  const body = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail }
  return problems === undefined ? body : { ...body, problems }
}

/** The reason phrases of RFC 9110 section 15. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
