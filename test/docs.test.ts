import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { printProblems, readConfiguration } from '@windrose/config'
import { createProgram } from '../packages/cli/src/program.ts'
import { ROOT } from './source-files.ts'

type Command = ReturnType<typeof createProgram>

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  'geo-data/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort()

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'packages/config/schema/windrose.schema.json'), 'utf8'))

/** A fenced block: what stands behind the fence, and what is in it. */
interface Block {
  readonly info: string
  readonly text: string
}

describe('configurations in the documents', () => {
  const examples = DOCUMENTS.flatMap((document) =>
    blocksOf(document)
      .filter(({ info, text }) => info === 'yaml' && text.startsWith('# windrose.yaml'))
      .map(({ text }, index) => ({ document, number: index + 1, text })),
  )

  test('there is one in the README, with its zone', () => {
    expect(blocksOf('README.md').filter(({ info }) => info === 'yaml')).not.toEqual([])
    expect(zoneFilesOf('README.md').map(({ file }) => file)).toEqual(['zones/gslb.example.com.zone'])
  })

  test.each(examples)('$document: configuration $number is served without a warning', async ({ document, text }) => {
    const folder = mkdtempSync(join(tmpdir(), 'windrose-docs-'))
    try {
      for (const { file, text: zone } of [...zoneFilesOf('README.md'), ...zoneFilesOf(document)]) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), zone)
      }
      writeFileSync(join(folder, 'windrose.yaml'), text)
      const { configuration, problems } = await readConfiguration(join(folder, 'windrose.yaml'))
      expect(printProblems(problems, { color: false })).toBe('')
      expect(configuration).toBeDefined()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('docs/checks.md has an example of every type of check, and each is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'windrose-docs-'))
    try {
      const types = new Set<string>()
      for (const { info, text } of blocksOf('docs/checks.md')) {
        if (info !== 'yaml') continue
        writeFileSync(join(folder, 'windrose.yaml'), text)
        const { configuration, problems } = await readConfiguration(join(folder, 'windrose.yaml'))
        expect(printProblems(problems.filter(({ severity }) => severity === 'error'))).toBe('')
        for (const { type } of configuration!.checks) types.add(type)
      }
      const checks = SCHEMA.properties.checks.additionalProperties
      const known: string[] = checks.properties.type.enum
      // The example of https is one of http.
      expect([...types, 'http'].sort()).toEqual([...known].sort())
      const text = readFileSync(join(ROOT, 'docs/checks.md'), 'utf8')
      const missing = keysOf(checks).filter((key) => !new RegExp(`[\`.{ ]${key}[\`:.]`).test(text))
      expect([...new Set(missing)]).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('docs/configuration.md has every key', () => {
    const text = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8')
    const missing = [...new Set(keysOf(SCHEMA))].filter((key) => !new RegExp(`[\`.{ ]${key}[\`:.]`).test(text))
    expect(missing).toEqual([])
  })
})

describe('links between the documents', () => {
  const links = DOCUMENTS.flatMap((document) => linksOf(document).map((target) => ({ document, target })))

  test('there are some', () => {
    expect(links.length).toBeGreaterThan(10)
  })

  test('lead to files that exist', () => {
    const broken = links.filter(({ document, target }) => !existsSync(resolve(ROOT, dirname(document), target)))
    expect(broken).toEqual([])
  })
})

test('the README names every Debian package that the tests install', () => {
  const script = readFileSync(join(ROOT, 'scripts/peers.mjs'), 'utf8')
  const packages = [.../const PEERS = \{([^}]*)\}/.exec(script)![1]!.matchAll(/: '([^']+)'/g)].map(([, name]) => name!)
  expect(packages).toContain('redis-server')
  const listed = /of these packages\s+through apt, by name: ([^.]*)\./.exec(
    readFileSync(join(ROOT, 'README.md'), 'utf8'),
  )!
  expect(packages.filter((name) => !listed[1]!.split(/,\s+/).includes(name))).toEqual([])
})

describe('the command', () => {
  const program = createProgram(() => undefined)
  const documented = [...readFileSync(join(ROOT, 'docs/cli.md'), 'utf8').matchAll(/^## windrose (.+)$/gm)].map(
    ([, verb]) => verb!,
  )

  test('has exactly the verbs that docs/cli.md has', () => {
    expect([...documented].sort()).toEqual([...verbsOf(program)].sort())
  })

  test('has every option in docs/cli.md', () => {
    const text = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')
    const options = new Set(allCommands(program).flatMap(({ options }) => options.map(({ long }) => long)))
    const missing = [...options].filter((option) => option !== '--version' && !text.includes(`${option}`))
    expect(missing).toEqual([])
  })

  test('has every verb that a document tells to type', () => {
    const typed = DOCUMENTS.flatMap((document) => {
      const text = readFileSync(join(ROOT, document), 'utf8')
      return [...text.matchAll(/(?:npx windrose|`windrose) ([a-z-]+)/g)].map(([, verb]) => verb!)
    })
    const known = new Set(['help', ...program.commands.map((command) => command.name())])
    expect([...new Set(typed)].filter((verb) => !known.has(verb) && !LATER.has(verb))).toEqual([])
  })
})

/** Verbs that the documents name as not there yet. */
const LATER: ReadonlySet<string> = new Set(['plan'])

/** `serve`, `geo update`: what can be typed. A command that does something by itself counts beside its own verbs. */
function verbsOf(program: Command): string[] {
  return program.commands.flatMap((command) => {
    const inner = command.commands.map((verb) => `${command.name()} ${verb.name()}`)
    return inner.length > 0 && command.name() !== 'demo' ? inner : [command.name(), ...inner]
  })
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}

function blocksOf(document: string): Block[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^\1```$/gm)].map(([, , info, body]) => ({
    info: info!.trim(),
    text: body!,
  }))
}

function zoneFilesOf(document: string): { file: string; text: string }[] {
  return blocksOf(document).flatMap(({ info, text }) => {
    const file = /^zone file=(\S+)$/.exec(info)?.[1]
    return file === undefined ? [] : [{ file, text }]
  })
}

/** Relative links outside of code, without their anchors. */
function linksOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8').replace(/^( *)```[\s\S]*?^\1```$/gm, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

/** All keys of objects in a JSON Schema, but for those that a user names. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  if (Array.isArray(schema)) return schema.flatMap(keysOf)
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? [...Object.keys(value as object), ...Object.values(value as object).flatMap(keysOf)]
      : keysOf(value),
  )
}
