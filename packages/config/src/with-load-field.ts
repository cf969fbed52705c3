import type { Check } from '@windrose/health'
import type { SiteCapacity } from './configuration.ts'

/** A check as it runs on the endpoints of a site: it also reads the load where the site's capacity says so. */
export function withLoadField(check: Check, capacity: SiteCapacity | undefined): Check {
  const reported = capacity?.reported
  if (reported?.check !== check.name || (check.type !== 'http' && check.type !== 'https')) return check
  return { ...check, load: reported.field }
}
