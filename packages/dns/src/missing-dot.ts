import { isWithin, labelCount, type Name, ROOT } from './name.ts'
import { readName } from './name-text.ts'

export const MISSING_DOT_HINT = 'names are relative to $ORIGIN; a final dot is missing?'

/**
 * True when a relative name already ends in the origin, as `www.example.org` does below `example.org.`: the most
 * common slip in master files, because it is read as www.example.org.example.org. Origins of one label are left
 * alone: there it may well be meant.
 */
export function lacksFinalDot(text: string, origin: Name): boolean {
  if (text === '@' || text.endsWith('.') || labelCount(origin) < 2) return false
  const alone = readName(text, ROOT)
  return !('problem' in alone) && isWithin(alone, origin)
}
