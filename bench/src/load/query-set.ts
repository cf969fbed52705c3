/** What the queries of a load ask for. */
export interface QuerySet {
  /** First label: `#` stands for the number of a name, in six digits, `*` for twelve random letters. */
  readonly owner: string
  /** How many names `#` counts. */
  readonly names: number
  readonly zone: string
  readonly qtype: number
  /** The client subnet that is sent: a random /24, a random /48, or none at all. */
  readonly subnet: 'ipv4' | 'ipv6' | 'none'
}

/** The label that `#` makes of a number. */
export function numberedLabel(owner: string, number: number): string {
  return owner.replace('#', String(number).padStart(NUMBER_DIGITS, '0'))
}

export const NUMBER_DIGITS = 6
export const RANDOM_LETTERS = 12
