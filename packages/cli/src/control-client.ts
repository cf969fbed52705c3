import { readFileSync } from 'node:fs'
import type { ErrorBody } from '@windrose/server'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { say } from './output.ts'

/** How a verb reaches the control API of a running server. */
export interface ControlOptions {
  /** `http://127.0.0.1:8053` by default. */
  readonly api: string
  /** Where the token is; by default where the server says. */
  readonly tokenFile?: string | undefined
}

/** The control API of a running server, for the verbs. */
export class ControlClient {
  readonly #options: ControlOptions

  constructor(options: ControlOptions) {
    this.#options = options
  }

  get<T>(path: string): Promise<T> {
    return this.#request<T>('GET', path, undefined, { timeoutMs: TIMEOUT_MS })
  }

  /** Sends what changes something, or takes its time, with the server's token. */
  async send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown, timeoutMs: number = TIMEOUT_MS): Promise<T> {
    return this.#request<T>(method, path, body, { token: await this.#token(), timeoutMs })
  }

  async #token(): Promise<string> {
    const file = this.#options.tokenFile ?? (await this.get<{ tokenFile: string }>('/api/v1/status')).tokenFile
    try {
      return readFileSync(file, 'utf8').trim()
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error)
      throw new CommandFailure(
        `cannot read the token ${file} (${why}): run this as the user that the server runs as, or name a copy with --token-file`,
        ExitCode.unreachable,
      )
    }
  }

  async #request<T>(
    method: string,
    path: string,
    body: unknown,
    { token, timeoutMs }: { readonly token?: string; readonly timeoutMs: number },
  ): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`
    const url = new URL(path, this.#options.api)
    let response: Response
    try {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) }
      response = await fetch(url, { method, headers, ...payload, signal: AbortSignal.timeout(timeoutMs) })
    } catch (error) {
      throw new CommandFailure(
        `no server answers at ${this.#options.api} (${reasonOf(error)}): start one with "windrose serve", or say where it is with --api URL`,
        ExitCode.unreachable,
      )
    }
    const answer = (await response.json().catch(() => ({}))) as T & Partial<ErrorBody>
    if (response.ok) return answer
    for (const { file, line, column, message, hint } of answer.problems ?? []) {
      say(`${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`)
    }
    const code = response.status === 503 ? ExitCode.unreachable : ExitCode.refused
    throw new CommandFailure(answer.detail ?? `the server says ${response.status}`, code)
  }
}

const TIMEOUT_MS = 10_000

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause))
}
