import { resolve } from 'node:path'
import type { Problem } from '@windrose/dns'
import type { Compilation } from './compilation.ts'
import { type ConfigurationOverrides, compileConfiguration } from './compile-configuration.ts'
import type { Configuration } from './configuration.ts'
import { createFileReader, type FileReader } from './file-reader.ts'
import { readDocument } from './read-document.ts'
import { readSettings } from './read-settings.ts'
import { problemAt } from './source-document.ts'
import { lineAt, type SourceText, sourceText } from './source-text.ts'

/** The configuration, when nothing forbids it; and everything that is wrong with it, warnings too. */
export interface ReadConfiguration {
  readonly configuration?: Configuration
  readonly problems: readonly Problem[]
}

/**
 * Reads windrose.yaml and everything that it names, and compiles it.
 *
 * All problems are listed at once, in the order of the files and their lines. With an error among them there is no
 * configuration: this is exactly what `serve` refuses and what `check` prints. Never throws.
 */
export async function readConfiguration(
  file: string,
  overrides: ConfigurationOverrides = {},
): Promise<ReadConfiguration> {
  const reader = createFileReader()
  const problems: Problem[] = []
  const configuration = compileFile(file, overrides, { reader, problems })
  const sorted = sortProblems(withSourceLines(problems, reader), reader)
  const isRefused = configuration === undefined || problems.some(({ severity }) => severity === 'error')
  return { ...(isRefused ? {} : { configuration }), problems: sorted }
}

function compileFile(
  file: string,
  overrides: ConfigurationOverrides,
  { reader, problems }: Pick<Compilation, 'reader' | 'problems'>,
): Configuration | undefined {
  const read = reader.read(file)
  if ('problem' in read) {
    problems.push({ severity: 'error', place: { file, line: 1, column: 1 }, message: read.problem })
    return undefined
  }
  const { document, problems: syntaxProblems } = readDocument(file, read.text)
  problems.push(...syntaxProblems)
  if (document === undefined) return undefined
  const { settings, findings, leftOut } = readSettings(document)
  problems.push(...findings.map((finding) => problemAt(document, finding)))
  if (settings === undefined) return undefined
  return compileConfiguration({ document, settings, leftOut, reader, problems }, overrides)
}

/** Zones are built from values, so their problems have a place but not its line. */
function withSourceLines(problems: readonly Problem[], reader: FileReader): Problem[] {
  const sources = new Map<string, SourceText>()
  return problems.map((problem) => {
    const { file, line } = problem.place
    const text = problem.sourceLine === undefined ? reader.known(file) : undefined
    if (text === undefined) return problem
    const source = sources.get(file) ?? sourceText(file, text)
    sources.set(file, source)
    return { ...problem, sourceLine: lineAt(source, line) }
  })
}

/** By file in the order of their reading, then by line and column. */
function sortProblems(problems: readonly Problem[], reader: FileReader): Problem[] {
  const order = new Map(reader.files().map((path, i) => [path, i]))
  const orderOf = ({ place }: Problem): number => order.get(resolve(place.file)) ?? -1
  return problems.toSorted(
    (a, b) => orderOf(a) - orderOf(b) || a.place.line - b.place.line || a.place.column - b.place.column,
  )
}
