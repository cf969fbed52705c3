import type {
  ChangedAspect,
  ReplayBody,
  ReplayedAnswerBody,
  ReplayedChangeBody,
  ReplayedNameBody,
} from '@windrose/server'
import { paint } from '../output.ts'
import { printCount, printShare } from './print-shares.ts'

/** A replay for people: how much changes, and for each name from what to what. `file` is where the queries are. */
export function replayText(body: ReplayBody, file: string): string {
  const { before, after, queries, changed, aspects, names, notes, seconds } = body
  const changing = names.filter((name) => name.changed > 0)
  const what = ASPECTS.filter((aspect) => aspects[aspect] > 0).map(
    (aspect) => `${aspect} ${printCount(aspects[aspect])}`,
  )
  const head = `${printCount(changed)} of ${printCount(queries)} queries are answered otherwise`
  return [
    `${before.file}, revision ${before.revision} -> ${after.file}, revision ${after.revision}`,
    `${paint('bold', changed === 0 ? `none of ${printCount(queries)} queries is answered otherwise` : head)}${
      what.length === 0 ? '' : `: ${what.join(', ')}`
    }`,
    ...changing.slice(0, NAMES_SHOWN).map((name) => `\n${nameText(name, file)}`),
    ...(changing.length > NAMES_SHOWN ? [`\nand ${changing.length - NAMES_SHOWN} more names`] : []),
    ...notes.map((note) => `note: ${note}`),
    `${seconds.toFixed(2)} s`,
  ].join('\n')
}

const ASPECTS: readonly ChangedAspect[] = ['rcode', 'records', 'ttl', 'scope']
const NAMES_SHOWN = 20
const CHANGES_SHOWN = 5

function nameText({ name, type, queries, changed, changes, changesLeftOut }: ReplayedNameBody, file: string): string {
  const more = changes.length + changesLeftOut - CHANGES_SHOWN
  return [
    `${paint('bold', `${name} ${type}`)}: ${printCount(changed)} of ${printCount(queries)} queries`,
    ...changes.slice(0, CHANGES_SHOWN).map((change) => changeText(change, file)),
    ...(more > 0 ? [`  and ${more} more kinds of change`] : []),
  ].join('\n')
}

function changeText({ aspects, queries, from, to, examples }: ReplayedChangeBody, file: string): string {
  const shown = examples.map(({ line, client, resolver }) => `${client ?? `resolver ${resolver}`} (${file}:${line})`)
  return [
    `  ${printCount(queries)} queries, such as of ${shown.join(', ')}`,
    ...aspects.map((aspect) => `    ${aspect.padEnd(8)} ${printAspect(aspect, from)} -> ${printAspect(aspect, to)}`),
  ].join('\n')
}

function printAspect(aspect: ChangedAspect, answer: ReplayedAnswerBody): string {
  switch (aspect) {
    case 'rcode':
      return answer.rcode ?? ''
    case 'records':
      return (answer.records ?? []).map(printRecords).join(' | ') || 'no records'
    case 'ttl':
      return answer.ttl == null ? 'none' : `${answer.ttl} s`
    case 'scope':
      return answer.scope == null ? 'none' : `/${answer.scope}`
  }
}

function printRecords({ share, set }: { readonly share: number; readonly set: readonly string[] }): string {
  const records = set.length === 0 ? 'no records' : set.join(', ')
  return share === 1 ? records : `${printShare(share)} ${records}`
}
