/** TTLs are at most 2^31 - 1 seconds (RFC 2181 section 8). */
export const TTL_MAX = 0x7fffffff

/**
 * Reads a period as master files write it: seconds, or numbers with the units w d h m s in any case (`1h30m`, `1W`),
 * as BIND has it. Gives seconds, possibly above TTL_MAX; undefined when the text is no period.
 */
export function readPeriod(text: string): number | undefined {
  if (/^[0-9]+$/.test(text)) return Number(text)
  if (!/^(?:[0-9]+[wdhms])+$/i.test(text)) return undefined
  let seconds = 0
  for (const [, digits, unit] of text.matchAll(/([0-9]+)([wdhms])/gi)) {
    seconds += Number(digits) * SECONDS[unit!.toLowerCase()]!
  }
  return seconds
}

const SECONDS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }
