/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What is wrong with a file at a place. An error makes the file unusable, a warning does not. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly place: Place
  readonly message: string
  readonly hint?: string
  /** The whole line, so that it can be shown with a caret under the column. */
  readonly sourceLine?: string
}
