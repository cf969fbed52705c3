import type { AuditBody, OverridesBody, ReloadBody } from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { print, printJson, say, table } from './output.ts'
import { overrideTable } from './override-table.ts'

/** `windrose override list`. */
export async function listOverrides(client: ControlClient, json: boolean): Promise<void> {
  const { overrides } = await client.get<OverridesBody>('/api/v1/overrides')
  if (json) printJson(overrides)
  else if (overrides.length === 0) print('no overrides')
  else print(overrideTable('ID', overrides))
}

/** `windrose override history`: who did what, newest first. */
export async function showAudit(client: ControlClient, json: boolean): Promise<void> {
  const { actions } = await client.get<AuditBody>('/api/v1/audit')
  if (json) printJson(actions)
  else if (actions.length === 0) print('nothing was done to overrides')
  else {
    const rows = actions.map(({ at, action, by, override }) => [
      at,
      action === 'put' ? override.action : `remove ${override.action}`,
      override.target,
      by === '' ? '-' : by,
      override.id,
      override.reason,
    ])
    print(table(['WHEN', 'WHAT', 'TARGET', 'BY', 'ID', 'REASON'], rows))
  }
}

/** `windrose reload`: the same as SIGHUP, and says what came of it. */
export async function reload(client: ControlClient, json: boolean): Promise<void> {
  const view = await client.send<ReloadBody>('POST', '/api/v1/reload')
  if (json) {
    printJson(view)
    return
  }
  for (const { file, line, column, message } of view.warnings) say(`${file}:${line}:${column}: warning: ${message}`)
  if (view.restartNeeded.length > 0) say(`needs a restart to change: ${view.restartNeeded.join(', ')}`)
  print(view.changed ? `revision ${view.revision} is served` : `nothing has changed: revision ${view.revision}`)
}
