import { printTrustedKey, type StatusBody } from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { paint, print, printJson, table } from './output.ts'
import { overrideTable } from './override-table.ts'
import { siteTable } from './site-table.ts'

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
        ...siteTable(status.sites),
        ...(status.agents.length === 0 ? [] : ['', agentTable(status)]),
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
  if (status.store.kind === 'redis') lines.push(storeLine(status, now))
  const refused = refusedText(status)
  if (refused !== '') lines.push(paint('yellow', `refused  records so far: ${refused}; the log says why`))
  if (status.store.signing !== null) lines.push(`signs    ${printTrustedKey(status.store.signing)}`)
  const leftOut = leftOutText(status)
  if (leftOut !== '') lines.push(paint('yellow', `probes   left out so far: ${leftOut}`))
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

/** `12 of https (maxRate)`; empty where the agent inside the server made every probe that was due, or there is none. */
function leftOutText({ agent }: StatusBody): string {
  return (agent?.checks ?? [])
    .flatMap(({ name, skipped }) =>
      Object.entries(skipped).flatMap(([reason, count]) => (count > 0 ? [`${count} of ${name} (${reason})`] : [])),
    )
    .join(', ')
}

/** `9 of ap-1, 1 of servers`: what was found in the store and not taken; empty where nothing was. */
function refusedText({ store }: StatusBody): string {
  return Object.entries(store.refused)
    .map(([agent, count]) => `${count} of ${agent === '' ? 'servers' : agent}`)
    .join(', ')
}

function storeLine({ store }: StatusBody, now: number): string {
  const role = store.keeper ? 'keeps the verdicts' : 'follows the verdicts of another server'
  if (store.up) return `store    redis, within reach, ${role}`
  const since = store.since === null ? '' : ` for ${age(store.since, now)}`
  return paint('red', `store    redis, out of reach${since}, the last verdicts stand: ${store.reason}`)
}

/** An endpoint, and below it how each vantage sees it, where there are several. */
function endpointTable(status: StatusBody): string {
  const now = Date.parse(status.now)
  const rows = status.endpoints.flatMap((endpoint) => {
    const { id, verdict, flags, since, reason, vantages } = endpoint
    const own = [id, verdictText(verdict, flags), sinceText(since, now), '', reason]
    if (vantages.length < 2) return [[...own.slice(0, 3), latencyText(vantages[0]?.latencyMs ?? null), reason]]
    const seen = vantages.map((one) => [
      `  ${one.vantage}`,
      verdictText(one.verdict, one.flags),
      sinceText(one.since, now),
      latencyText(one.latencyMs),
      one.reason,
    ])
    return [own, ...seen]
  })
  return table(['ENDPOINT', 'VERDICT', 'SINCE', 'LATENCY', 'WHY'], rows)
}

function agentTable(status: StatusBody): string {
  const now = Date.parse(status.now)
  const rows = status.agents.map(({ name, vantage, vote, state, since, ageSeconds, targets, incarnation, version }) => [
    name,
    vote ? vantage : paint('yellow', `${vantage} (no vote)`),
    paint(state === 'alive' ? 'green' : state === 'gone' ? 'red' : 'yellow', state),
    age(since, now),
    `${ageSeconds.toFixed(1)} s ago`,
    String(targets),
    String(incarnation),
    version,
  ])
  return table(['AGENT', 'VANTAGE', 'STATE', 'SINCE', 'HEARD', 'TARGETS', 'INCARNATION', 'VERSION'], rows)
}

function sinceText(since: string | null, now: number): string {
  return since === null ? '-' : age(since, now)
}

function latencyText(milliseconds: number | null): string {
  return milliseconds === null ? '-' : `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`
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
