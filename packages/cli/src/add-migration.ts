import { Argument, type Command, Option } from 'commander'
import { IMPORT_SOURCES, type ImportSource } from './import/import-sources.ts'
import { wholeNumber } from './whole-number.ts'

/** The verbs of those who come from another program: `import`, and `diff-answers` to see that the answers are the same. */
export function addMigration(program: Command, exit: (code: number) => void): void {
  addImport(program, exit)
  addDiffAnswers(program, exit)
}

function addImport(program: Command, exit: (code: number) => void): void {
  program
    .command('import')
    .description('make windrose.yaml and master files out of the configuration of another program')
    .addArgument(new Argument('<source>', 'whose configuration it is').choices(IMPORT_SOURCES))
    .argument('<input>', 'the file or folder')
    .option('--out <dir>', 'write the files here; without it windrose.yaml is printed')
    .option('--health-checks <file>', 'route53: the output of "aws route53 list-health-checks"')
    .option('--cidr-blocks <file>', 'route53: the output of "aws route53 list-cidr-blocks"')
    .option('--database <file>', 'the MMDB that says where clients are, instead of the one that comes along')
    .option('--json', 'as JSON')
    .action(async (source: ImportSource, input: string, { json = false, ...options }: ImportOptions) => {
      const { importFrom } = await import('./import/import-verb.ts')
      exit(await importFrom({ source, input, json, ...options }))
    })
}

interface ImportOptions {
  readonly out?: string
  readonly healthChecks?: string
  readonly cidrBlocks?: string
  readonly database?: string
  readonly json?: boolean
}

function addDiffAnswers(program: Command, exit: (code: number) => void): void {
  program
    .command('diff-answers')
    .description('ask two servers the same over UDP, and say where they differ')
    .requiredOption('--server <address:port>', 'the one')
    .requiredOption('--against <address:port>', 'the other')
    .option('--queries <file>', 'what to ask: NAME TYPE CLIENT a line, or JSON lines')
    .option('--names <name...>', 'instead: these names, for each client')
    .option('--types <type...>', 'with --names', ['A', 'AAAA'])
    .option('--clients <count>', 'with --names: so many random client subnets; 0 sends none', wholeNumber, 1000)
    .option('--seed <number>', 'other seeds give other clients', wholeNumber, 1)
    .option('--asks <count>', 'ask again up to so often where answers differ, as they may be drawn', wholeNumber, 40)
    .option('--rate <count>', 'most packets a second, to both together', wholeNumber, 4000)
    .option('--concurrency <count>', 'most questions at the same time', wholeNumber, 64)
    .option('--timeout <ms>', 'how long one answer is waited for', wholeNumber, 1000)
    .option('--examples <count>', 'most examples of each kind of difference', wholeNumber, 10)
    .addOption(new Option('--ignore <what...>', 'differences that do not count').choices(['scope', 'ttl']).default([]))
    .option('--json', 'as JSON')
    .action(async ({ timeout, ignore, json = false, ...options }: DiffOptions) => {
      const { diffAnswers } = await import('./diff-answers/diff-answers-verb.ts')
      exit(await diffAnswers({ ...options, timeoutMs: timeout, ignored: ignore, json }))
    })
}

interface DiffOptions {
  readonly server: string
  readonly against: string
  readonly queries?: string
  readonly names?: string[]
  readonly types: string[]
  readonly clients: number
  readonly seed: number
  readonly asks: number
  readonly rate: number
  readonly concurrency: number
  readonly timeout: number
  readonly examples: number
  readonly ignore: ('scope' | 'ttl')[]
  readonly json?: boolean
}
