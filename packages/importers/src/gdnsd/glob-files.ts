import { join } from 'node:path'
import type { SourceFiles } from '../source-files.ts'

/**
 * The files of a path as `$include` of gdnsd takes it: a file, all files of a folder (perhaps none), or those that a shell
 * pattern matches, sorted. Undefined where there is none but should be one.
 */
export function globFiles(files: SourceFiles, path: string): readonly string[] | undefined {
  const folder = files.list(path)
  if (folder !== undefined) return filesIn(path, folder, () => true)
  if (!/[*?[]/.test(path)) return [path]
  const found = expand(files, path.split('/'))
  return found.length === 0 ? undefined : found
}

/** The paths that a pattern matches, segment by segment. */
function expand(files: SourceFiles, segments: readonly string[]): string[] {
  let bases = [segments[0] === '' ? '/' : '']
  const parts = segments.filter((segment) => segment !== '')
  parts.forEach((segment, i) => {
    const isLast = i === parts.length - 1
    bases = bases.flatMap((base) => {
      if (!/[*?[]/.test(segment)) return [join(base, segment)]
      const names = files.list(base === '' ? '.' : base) ?? []
      const pattern = patternOf(segment)
      if (isLast) return filesIn(base, names, (name) => pattern.test(name))
      return names
        .filter((name) => name.endsWith('/') && pattern.test(name.slice(0, -1)))
        .map((name) => join(base, name.slice(0, -1)))
    })
  })
  return bases
}

/** A leading dot is only matched by a dot. */
function filesIn(folder: string, names: readonly string[], isWanted: (name: string) => boolean): string[] {
  return names
    .filter((name) => !name.endsWith('/') && !name.startsWith('.') && isWanted(name))
    .map((name) => join(folder, name))
}

/** `*`, `?` and `[...]` of a shell pattern. */
function patternOf(segment: string): RegExp {
  let source = ''
  for (let at = 0; at < segment.length; at++) {
    const character = segment[at]!
    const set = /^\[(!?)([^\]]+)\]/.exec(segment.slice(at))
    if (character === '*') source += '.*'
    else if (character === '?') source += '.'
    else if (set !== null) {
      source += `[${set[1] === '!' ? '^' : ''}${set[2]!.replace(/[\\^[]/g, '\\$&')}]`
      at += set[0].length - 1
    } else source += character.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  }
  try {
    return new RegExp(`^${source}$`, 'u')
  } catch {
    // A range that runs backwards, such as [z-a], matches nothing.
    return /(?!)/
  }
}
