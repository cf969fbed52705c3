import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export const ROOT: string = resolve(__dirname, '..')

/** One source file, with what it imports: paths of files for its own package, names for others. */
export interface SourceFile {
  readonly path: string
  readonly package: string
  readonly text: string
  readonly imports: readonly string[]
}

/** The packages in reading order, as the workspace lists them. */
export function packagesInOrder(): string[] {
  const workspace = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8')
  return [...workspace.matchAll(/^ {2}- packages\/(\S+)$/gm)].map((match) => match[1]!)
}

/** The TypeScript sources of a package; tests and what only tests use are left out. */
export function sourcesOf(name: string): SourceFile[] {
  const folder = join(ROOT, 'packages', name, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|laws|arbitraries)\.tsx?$/.test(file))
    .map((file) => readSource(name, join(folder, file)))
}

/** Static imports and re-exports, over several lines if need be, and dynamic imports. */
const IMPORTS = /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

function readSource(name: string, file: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(IMPORTS)].map((match) => (match[1] ?? match[2])!)
  const imports = specifiers.map((specifier) =>
    specifier.startsWith('.') ? relative(ROOT, resolve(dirname(file), specifier)) : specifier,
  )
  return { path: relative(ROOT, file), package: name, text, imports }
}

/** Source text without comments and strings, for rules about code. */
export function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, "''")
    .replace(/\/\/.*$/gm, ' ')
}
