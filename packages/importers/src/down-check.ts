import type { Place } from '@windrose/dns'
import type { Draft } from './draft.ts'
import { addNamed } from './name-entry.ts'

/**
 * The name of a check that never passes, for endpoints that the source declares dead. It waits for pushes that nobody
 * sends: such an endpoint is served when everything else is down too, which a weight of 0 would forbid.
 */
export function downCheck(draft: Draft, place: Place): string {
  for (const [name, { comment }] of draft.checks) if (comment === COMMENT) return name
  return addNamed(draft.checks, 'down', { settings: { type: 'push', ttl: '1s' }, place, comment: COMMENT })
}

const COMMENT = 'never up: no one pushes to it'
