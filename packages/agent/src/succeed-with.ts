import type { Attempt } from './attempt.ts'
import type { Connection } from './connection.ts'

/** Ends a probe well, degraded when its connection is of concern. */
export function succeedWith(attempt: Attempt, reason: string, { concern }: Pick<Connection, 'concern'>): void {
  if (concern === undefined) attempt.succeed(reason)
  else attempt.succeed(`${reason}; ${concern}`, true)
}
