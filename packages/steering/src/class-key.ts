import type { ClientClass } from './client-class.ts'
import { tieBreakHash } from './tie-break.ts'

/**
 * What names a class in records that servers share: eight hexadecimal digits. Classes are numbered by each server for
 * itself, as its databases have it; the same class has the same key on all of them.
 */
export function classKey({ rule, view, sites, areas }: ClientClass): string {
  const text = `${rule} ${view} ${sites.join()} ${areas.join()}`
  return tieBreakHash('class', text).toString(16).padStart(8, '0')
}
