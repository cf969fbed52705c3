import type { SimulatedServiceBody, SimulationBody } from '@windrose/server'

/** `web A: kill fra`, `web A, every endpoint up`. */
export function titleOf({ type, changes, before }: SimulationBody, { service }: SimulatedServiceBody): string {
  if (changes.length > 0) return `${service} ${type}: ${changes.map(shorten).join(', ')}`
  return `${service} ${type}, ${before.verdicts === 'present' ? 'as it is now' : 'every endpoint up'}`
}

/** Of the path of a configuration the last part says enough. */
function shorten(change: string): string {
  return change.replace(/^configuration .*\//, 'configuration ')
}

/** Whose word it is where clients are, with what their licences ask for. */
export function databaseLine({ databases }: SimulationBody): string {
  const lines = databases.map(({ type, built, attribution }) => {
    const made = `${type}, ${built.slice(0, 10)}`
    return attribution === undefined ? made : `${made}: ${attribution}`
  })
  return `Places: ${lines.join('; ')}`
}
