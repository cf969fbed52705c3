import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, packagesInOrder, ROOT, type SourceFile, sourcesOf } from './source-files.ts'

const PACKAGES = packagesInOrder()
const PATH_PACKAGES = ['ip', 'dns', 'zone', 'steering', 'nameserver']
const SOURCES = PACKAGES.flatMap(sourcesOf)

describe('the packages', () => {
  test('stand in the same order in the workspace and in the TypeScript project', () => {
    const project = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as { references: { path: string }[] }
    const packages = PACKAGES.map((name) => `packages/${name}`)
    expect(project.references.map(({ path }) => path)).toEqual([...packages, 'bench'])
  })

  test.each(PACKAGES)('%s imports only packages that stand before it, and says so in its package.json', (name) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    const before = PACKAGES.slice(0, PACKAGES.indexOf(name)).map((earlier) => `@windrose/${earlier}`)
    const listed = Object.keys(manifest.dependencies ?? {})
    const imported = sourcesOf(name).flatMap(({ imports }) => imports.filter((specifier) => !isOwnFile(specifier)))
    const foreign = imported.filter((specifier) => !specifier.startsWith('node:')).map(packageOf)
    expect(foreign.filter((specifier) => specifier.startsWith('@windrose/') && !before.includes(specifier))).toEqual([])
    expect([...new Set(foreign)].filter((specifier) => !listed.includes(specifier))).toEqual([])
    expect(listed.filter((dependency) => dependency.startsWith('@windrose/') && !before.includes(dependency))).toEqual(
      [],
    )
  })

  test('never reach into another package by a relative path', () => {
    const trespassers = SOURCES.flatMap((source) =>
      source.imports
        .filter((target) => isOwnFile(target) && !target.startsWith(`packages/${source.package}/src/`))
        .map((target) => `${source.path} -> ${target}`),
    )
    expect(trespassers).toEqual([])
  })
})

describe('the files', () => {
  test('import one another without circles, type imports counted', () => {
    expect(circles(SOURCES)).toEqual([])
  })

  test('hold at most 400 lines', () => {
    const long = SOURCES.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path)
    expect(long.filter((path) => !GENERATED.includes(path))).toEqual([])
  })

  test('are named for what they hold', () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|shared|manager|handler)(-|\.ts$)/
    expect(SOURCES.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
  })

  test('list what they export by name', () => {
    expect(SOURCES.filter(({ text }) => /^export \*/m.test(text)).map(({ path }) => path)).toEqual([])
  })
})

describe('the path packages', () => {
  const sources = SOURCES.filter((source) => PATH_PACKAGES.includes(source.package))

  test('are compiled without Node and without the DOM', () => {
    for (const name of PATH_PACKAGES) {
      const config = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'tsconfig.json'), 'utf8')) as {
        compilerOptions: { types?: string[]; lib?: string[] }
      }
      expect(config.compilerOptions.types).toEqual([])
      expect(config.compilerOptions.lib ?? ['es2023']).toEqual(['es2023'])
    }
  })

  test("import nothing that is not the project's own", () => {
    const foreign = sources.flatMap(({ imports }) => imports.filter((specifier) => !isOwnFile(specifier)))
    expect(foreign.filter((specifier) => !specifier.startsWith('@windrose/'))).toEqual([])
  })

  test.each([
    ['wait', /\b(async|await|Promise|setTimeout|setInterval|setImmediate|queueMicrotask)\b/],
    ['throw', /\b(throw|try|catch)\b/],
    ['ask for the time', /\b(Date\.now|new Date\(\)|performance|hrtime)\b/],
    ['draw random numbers of their own', /\b(Math\.random|crypto|randomBytes)\b/],
    ['reach for the machine', /\b(process|Buffer|require|globalThis|console)\s*[.(]/],
  ])('never %s', (_, forbidden) => {
    const offenders = sources.flatMap(({ path, text }) =>
      codeOf(text)
        .split('\n')
        .flatMap((line, i) => (forbidden.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    )
    expect(offenders).toEqual([])
  })
})

/** Files that a script writes from data: their length says nothing. */
const GENERATED = ['packages/geo/src/country-coordinates.ts']

function isOwnFile(specifier: string): boolean {
  return specifier.startsWith('packages/')
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Every circle that a depth-first walk closes, as a chain of paths. */
function circles(sources: readonly SourceFile[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const found: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    if (done.has(path)) return
    for (const next of byPath.get(path)?.imports ?? []) if (isOwnFile(next)) walk(next, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) walk(path, [])
  return found
}
