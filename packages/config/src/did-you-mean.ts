import { suggestName } from '@windrose/health'

/** `did you mean "X"?`, or undefined when no known name is near. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const meant = suggestName(typed, known)
  return meant === undefined ? undefined : `did you mean "${meant}"?`
}
