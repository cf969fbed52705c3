/** One table of the report, with what has to be said about it. */
export interface Section {
  readonly title: string
  readonly text: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What the figures are held to. */
  readonly goals: readonly Goal[]
}

/** A figure with the bound that the project set for it. */
export interface Goal {
  readonly what: string
  readonly value: number
  readonly most: number
  readonly unit: string
}
