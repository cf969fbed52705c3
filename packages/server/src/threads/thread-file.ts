/** Where a thread's entry lies, beside this file. Kept alone: only a module knows its own address. */
export function threadFile(name: 'mmsg' | 'dgram' | 'tcp'): URL {
  return new URL(`./${name}-thread.js`, import.meta.url)
}
