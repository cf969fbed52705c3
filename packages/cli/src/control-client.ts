import { readFileSync } from 'node:fs'
import { CommandFailure, ExitCode } from './exit-code.ts'

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
    return this.#request<T>('GET', path, undefined)
  }

  /** Sends what changes something, with the server's token. */
  async send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    return this.#request<T>(method, path, body, await this.#token())
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

  async #request<T>(method: string, path: string, body: unknown, token?: string): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`
    const url = new URL(path, this.#options.api)
    let response: Response
    try {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) }
      response = await fetch(url, { method, headers, ...payload, signal: AbortSignal.timeout(TIMEOUT_MS) })
    } catch (error) {
      throw new CommandFailure(
        `no server answers at ${this.#options.api} (${reasonOf(error)}): start one with "windrose serve", or say where it is with --api URL`,
        ExitCode.unreachable,
      )
    }
    const answer = (await response.json().catch(() => ({}))) as T & { detail?: string }
    if (!response.ok) throw new CommandFailure(answer.detail ?? `the server says ${response.status}`)
    return answer
  }
}

const TIMEOUT_MS = 10_000

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause))
}
