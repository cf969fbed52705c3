import { printProblems } from '@windrose/config'
import { DISK, type Finding } from '@windrose/importers'

/** Findings as people read them: place, kind, what and why, the line of the source, and what to do. */
export function findingsText(findings: readonly Finding[], color: boolean): string {
  const files = new Map<string, readonly string[]>()
  const lineOf = (file: string, line: number): string => {
    const known = files.get(file)
    if (known !== undefined) return known[line - 1] ?? ''
    const read = DISK.read(file)
    const lines = 'problem' in read ? [] : read.text.split(/\r?\n/)
    files.set(file, lines)
    return lines[line - 1] ?? ''
  }
  const problems = findings.map(({ kind, place, source, why, instead }) => ({
    severity: kind === 'unreadable' || kind === 'left out' ? ('error' as const) : ('warning' as const),
    place,
    message: `${kind}: ${source}: ${why}`,
    hint: instead,
    sourceLine: lineOf(place.file, place.line),
  }))
  return printProblems(problems, { color })
}
