import type { OverridesBody } from '@windrose/server'
import { table } from './output.ts'

/** Overrides as status and `override list` show them; `heading` stands over their ids. */
export function overrideTable(heading: string, overrides: OverridesBody['overrides']): string {
  const rows = overrides.map(({ id, target, action, author, expiresAt, reason }) => [
    id,
    target,
    action,
    author,
    expiresAt ?? 'until removed',
    reason,
  ])
  return table([heading, 'TARGET', 'ACTION', 'AUTHOR', 'ENDS', 'REASON'], rows)
}
