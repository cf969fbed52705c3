import type { Place } from '@windrose/dns'

/**
 * What became of a part of the source that the configuration does not say, or not exactly:
 *
 * - `unreadable` .. the text is not what it should be, and nothing of this part was read
 * - `left out` .... nothing in the configuration stands for it
 * - `changed` ..... something near it stands for it
 * - `to do` ....... it was taken over, and needs something that the source does not hold
 */
export type FindingKind = 'unreadable' | 'left out' | 'changed' | 'to do'

export interface Finding {
  readonly kind: FindingKind
  readonly place: Place
  /** The construct, as the source has it: `multi => true`. */
  readonly source: string
  /** One sentence without its final dot. */
  readonly why: string
  /** What to do about it; one sentence without its final dot. */
  readonly instead: string
}

/** What a finding says, without its kind and place. */
export type FindingText = Pick<Finding, 'source' | 'why' | 'instead'>

/** Whether the configuration does less than the source did: what is only to do does not count. */
export function isLoss({ kind }: Finding): boolean {
  return kind !== 'to do'
}

/** By file in the order of their first finding, then by line and column. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const files = [...new Set(findings.map(({ place }) => place.file))]
  return findings.toSorted(
    (a, b) =>
      files.indexOf(a.place.file) - files.indexOf(b.place.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column,
  )
}
