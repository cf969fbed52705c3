/**
 * A name that windrose.yaml takes for a site, check or service, as near to the wanted one as may be: letters, digits,
 * `_`, `-` and `.`, first a letter or digit, 63 at most.
 */
export function entryName(wanted: string): string {
  const cleaned = wanted
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, NAME_MAX)
    .replace(/[-.]+$/, '')
  return cleaned === '' ? 'unnamed' : cleaned
}

/** The same, and none of those that are taken: `web`, `web-2`, `web-3`. */
export function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  const name = entryName(wanted)
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`
    const candidate = `${name.slice(0, NAME_MAX - suffix.length)}${suffix}`
    if (!isTaken(candidate)) return candidate
  }
}

/** Adds a value under a free name, which is given back. */
export function addNamed<T>(entries: Map<string, T>, wanted: string, value: T): string {
  const name = freeName(wanted, (other) => entries.has(other) || other === BUILT_IN)
  entries.set(name, value)
  return name
}

const NAME_MAX = 63
/** The service that is always there. */
const BUILT_IN = 'whoami'
