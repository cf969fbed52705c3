import { table } from '../output.ts'
import type { AnswerDifference, DiffReport, SideReport } from './compare-servers.ts'
import type { DifferenceKind } from './seen-answers.ts'

const MEANINGS: Readonly<Record<DifferenceKind, string>> = {
  lost: 'questions that only one server answered',
  rcode: 'questions with different response codes',
  answers: 'questions with different answers',
  scope: 'questions with different ECS scopes',
  ttl: 'names whose TTLs do not meet',
}

/** A report as people read it. */
export function diffText(report: DiffReport, ignored: ReadonlySet<DifferenceKind>): string {
  const { queries, equal, different, asked, byKind, examples } = report
  const lines = [`${queries} questions, ${equal} answered alike, ${different} not (${asked} packets)`]
  for (const [kind, meaning] of Object.entries(MEANINGS) as [DifferenceKind, string][]) {
    if (byKind[kind] === 0) continue
    lines.push('', `${byKind[kind]} ${meaning}${ignored.has(kind) ? ' (ignored)' : ''}`)
    const shown = examples.filter((example) => example.kind === kind)
    const rows = shown.map((example) => [
      example.name,
      example.type,
      example.client ?? '-',
      side(example, example.server),
      side(example, example.against),
    ])
    if (rows.length > 0) lines.push(table(['NAME', 'TYPE', 'CLIENT', 'SERVER', 'AGAINST'], rows))
  }
  return lines.join('\n')
}

function side({ kind }: AnswerDifference, { rcodes, answers, ttl, scopes }: SideReport): string {
  switch (kind) {
    case 'lost':
      return rcodes.length === 0 ? 'no answer' : rcodes.join(' ')
    case 'rcode':
      return rcodes.join(' ')
    case 'answers':
      return answers.length === 0 ? 'nothing' : answers.join(' ')
    case 'scope':
      return scopes.length === 0 ? 'none' : scopes.map((scope) => `/${scope}`).join(' ')
    case 'ttl':
      return ttl === null ? '-' : ttl.min === ttl.max ? `${ttl.min} s` : `${ttl.min} to ${ttl.max} s`
  }
}
