import type { ControlClient } from './control-client.ts'
import { paint, print, printJson, table } from './output.ts'

/** The parts of the server's status that are shown to people. */
interface Status {
  readonly version: string
  readonly pid: number
  readonly startedAt: string
  readonly now: string
  readonly ready: boolean
  readonly waitingFor: readonly string[]
  readonly config: {
    readonly file: string
    readonly revision: string
    readonly loadedAt: string
    readonly lastError?: { readonly at: string; readonly message: string; readonly problems: readonly FileProblem[] }
  }
  readonly listen: readonly string[]
  readonly control: string
  readonly transport: { readonly name: string; readonly reason: string }
  readonly threads: readonly { readonly name: string; readonly queries: number; readonly restarts: number }[]
  readonly geo: {
    readonly databases: readonly {
      readonly file: string
      readonly type: string
      readonly built: string
      readonly ageDays: number
      readonly attribution?: string
    }[]
  }
  readonly endpoints: readonly {
    readonly id: string
    readonly verdict: string
    readonly real: string
    readonly flags: readonly string[]
    readonly since: string | null
    readonly reason: string | null
  }[]
  readonly overrides: readonly {
    readonly id: string
    readonly target: string
    readonly action: string
    readonly reason: string
    readonly author: string
    readonly expiresAt: string | null
  }[]
}

interface FileProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** `windrose status`: endpoints, verdicts, since when, why; and what the server is. */
export async function showStatus(client: ControlClient, json: boolean): Promise<void> {
  const status = await client.get<Status>('/api/v1/status')
  if (json) printJson(status)
  else print([...serverLines(status), '', endpointTable(status), ...overrideLines(status)].join('\n'))
}

function serverLines(status: Status): string[] {
  const now = Date.parse(status.now)
  const ready = status.ready ? paint('green', 'ready') : paint('yellow', `not ready: ${status.waitingFor.join('; ')}`)
  const queries = status.threads.reduce((sum, thread) => sum + thread.queries, 0)
  const { config } = status
  const lines = [
    `windrose ${status.version}, pid ${status.pid}, up ${age(status.startedAt, now)}, ${ready}`,
    `config   ${config.file}, revision ${config.revision}, loaded ${age(config.loadedAt, now)} ago`,
    `listen   ${status.listen.join(' ')}, control ${status.control}`,
    `udp      ${status.transport.name} (${status.transport.reason}), ${queries} queries so far`,
  ]
  for (const database of status.geo.databases) {
    const days = Math.floor(database.ageDays)
    lines.push(`geo      ${database.file}: ${database.type}, built ${database.built.slice(0, 10)}, ${days} days old`)
    if (database.attribution !== undefined) lines.push(`         ${database.attribution}`)
  }
  if (config.lastError !== undefined) {
    lines.push(paint('red', `reload   refused ${age(config.lastError.at, now)} ago: ${config.lastError.message}`))
    for (const problem of config.lastError.problems) {
      lines.push(`         ${problem.file}:${problem.line}:${problem.column}: ${problem.message}`)
    }
  }
  return lines
}

function endpointTable(status: Status): string {
  const now = Date.parse(status.now)
  const rows = status.endpoints.map((endpoint) => [
    endpoint.id,
    verdictText(endpoint.verdict, endpoint.flags),
    endpoint.since === null ? '-' : age(endpoint.since, now),
    endpoint.reason ?? '-',
  ])
  return table(['ENDPOINT', 'VERDICT', 'SINCE', 'WHY'], rows)
}

function verdictText(verdict: string, flags: readonly string[]): string {
  const text = [verdict, ...flags].join(' ')
  return paint(verdict === 'up' ? 'green' : verdict === 'down' ? 'red' : 'yellow', text)
}

function overrideLines({ overrides }: Status): string[] {
  if (overrides.length === 0) return []
  const rows = overrides.map(({ id, target, action, author, reason, expiresAt }) => [
    id,
    target,
    action,
    author,
    expiresAt ?? 'until removed',
    reason,
  ])
  return ['', table(['OVERRIDE', 'TARGET', 'ACTION', 'AUTHOR', 'ENDS', 'REASON'], rows)]
}

/** `12 s`, `5 min`, `3 h`, `9 d`. */
function age(since: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`
}
