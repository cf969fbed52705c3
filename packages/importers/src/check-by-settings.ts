import type { Draft, DraftCheck } from './draft.ts'
import { addNamed } from './name-entry.ts'

/** The name of a check with these settings: a known one where there is one, as one check probes any number of endpoints. */
export function checkBySettings(draft: Draft, wanted: string, check: DraftCheck): string {
  const key = JSON.stringify(check.settings)
  for (const [name, known] of draft.checks) if (JSON.stringify(known.settings) === key) return name
  return addNamed(draft.checks, wanted, check)
}
