import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { printProblems, readConfiguration } from '@windrose/config'
import {
  DISK,
  type ImportResult,
  importGdnsd,
  importOctodns,
  importPowerdns,
  importRoute53,
  isLoss,
} from '@windrose/importers'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { print, printJson, say } from '../output.ts'
import { findingsText } from './findings-text.ts'
import type { ImportSource } from './import-sources.ts'
import { placesOf } from './places-of.ts'

/** `windrose import`, as it is called. */
export interface ImportWish {
  readonly source: ImportSource
  readonly input: string
  /** The folder that the files go to; without it windrose.yaml is printed. */
  readonly out?: string | undefined
  readonly json: boolean
  readonly healthChecks?: string | undefined
  readonly cidrBlocks?: string | undefined
  /** The MMDB that places clients; PowerDNS's own addresses too. */
  readonly database?: string | undefined
}

/**
 * `windrose import SOURCE INPUT`: another program's configuration as one of windrose. What was written is read again as
 * `serve` would read it. Gives the exit code: 1 when something was left out or changed.
 */
export async function importFrom(wish: ImportWish): Promise<ExitCode> {
  refuseForeignOptions(wish)
  const result = runImport(wish)
  const { out, json } = wish
  const isWritten = out !== undefined && result.files.length > 0
  if (isWritten) writeFiles(result, out)
  const problems = isWritten ? (await readConfiguration(join(out, 'windrose.yaml'))).problems : []
  const isRefused = problems.some(({ severity }) => severity === 'error')
  const losses = result.findings.filter(isLoss).length
  const isWhole = result.files.length > 0 && losses === 0 && !isRefused
  if (json) {
    printJson({
      ok: isWhole,
      counts: result.counts,
      findings: result.findings,
      files: result.files,
      written: isWritten ? out : null,
      problems,
    })
    return isWhole ? ExitCode.done : ExitCode.refused
  }
  if (result.findings.length > 0) say(findingsText(result.findings, process.stderr.isTTY))
  if (problems.length > 0) say(printProblems(problems, { color: process.stderr.isTTY }))
  const [configuration] = result.files
  if (configuration !== undefined && !isWritten) print(configuration.text.trimEnd())
  say(summaryOf(result, { out: isWritten ? out : undefined, isRefused }))
  return isWhole ? ExitCode.done : ExitCode.refused
}

function runImport({ source, input, healthChecks, cidrBlocks, database }: ImportWish): ImportResult {
  const databases = database === undefined ? [] : [resolve(database)]
  switch (source) {
    case 'gdnsd':
      return importGdnsd(DISK, input, databases)
    case 'route53':
      return importRoute53(DISK, { records: input, healthChecks, cidrBlocks, databases })
    case 'octodns':
      return importOctodns(DISK, input, databases)
    case 'powerdns':
      return importPowerdns(DISK, { input, placeOf: placesOf(database), databases })
  }
}

function refuseForeignOptions({ source, healthChecks, cidrBlocks }: ImportWish): void {
  const refuse = (option: string): never => {
    throw new CommandFailure(`${option} goes with "windrose import route53" alone`, ExitCode.usage)
  }
  if (source !== 'route53' && healthChecks !== undefined) refuse('--health-checks')
  if (source !== 'route53' && cidrBlocks !== undefined) refuse('--cidr-blocks')
}

/** Nothing is written over: an import may be repeated beside what was made of an earlier one by hand. */
function writeFiles({ files }: ImportResult, out: string): void {
  const there = files.map(({ path }) => join(out, path)).find((path) => existsSync(path))
  if (there !== undefined) throw new CommandFailure(`${there} is there already; give --out a folder without it`)
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(out, path)), { recursive: true })
      writeFileSync(join(out, path), text)
    }
  } catch (error) {
    throw new CommandFailure(`cannot write to ${out}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function summaryOf(result: ImportResult, { out, isRefused }: { out: string | undefined; isRefused: boolean }): string {
  const { counts, findings, files } = result
  if (files.length === 0) return 'nothing was imported'
  const made = [
    count(counts.zones, 'zone'),
    count(counts.services, 'service'),
    count(counts.checks, 'check'),
    count(counts.sites, 'site'),
  ].join(', ')
  const of = (kind: string): number => findings.filter((finding) => finding.kind === kind).length
  const rest = [
    [of('unreadable'), 'unreadable'],
    [of('left out'), 'left out'],
    [of('changed'), 'changed'],
    [of('to do'), 'to do'],
  ].flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]))
  const where = out === undefined ? '' : ` in ${out}`
  const verdict = isRefused ? '; "windrose check" refuses it' : ''
  return `${made}${where}${rest.length === 0 ? '; everything was taken over' : `; ${rest.join(', ')}`}${verdict}`
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
