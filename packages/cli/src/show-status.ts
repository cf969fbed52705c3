import type { StatusBody } from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { paint, print, printJson, table } from './output.ts'
import { overrideTable } from './override-table.ts'

/** `windrose status`: endpoints, verdicts, since when, why; and what the server is. */
export async function showStatus(client: ControlClient, json: boolean): Promise<void> {
  const status = await client.get<StatusBody>('/api/v1/status')
  if (json) printJson(status)
  else
    print(
      [
        ...serverLines(status),
        '',
        endpointTable(status),
        ...(status.overrides.length === 0 ? [] : ['', overrideTable('OVERRIDE', status.overrides)]),
      ].join('\n'),
    )
}

function serverLines(status: StatusBody): string[] {
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

function endpointTable(status: StatusBody): string {
  const now = Date.parse(status.now)
  const rows = status.endpoints.map((endpoint) => [
    endpoint.id,
    verdictText(endpoint.verdict, endpoint.flags),
    endpoint.since === null ? '-' : age(endpoint.since, now),
    endpoint.reason,
  ])
  return table(['ENDPOINT', 'VERDICT', 'SINCE', 'WHY'], rows)
}

function verdictText(verdict: string, flags: readonly string[]): string {
  const text = [verdict, ...flags].join(' ')
  return paint(verdict === 'up' ? 'green' : verdict === 'down' ? 'red' : 'yellow', text)
}

/** `12 s`, `5 min`, `3 h`, `9 d`. */
function age(since: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`
}
