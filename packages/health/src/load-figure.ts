/** Where a good answer says how much load its sender has. */
export type LoadField =
  | { readonly in: 'header'; readonly name: string }
  /** A JSON Pointer (RFC 6901) into the body. */
  | { readonly in: 'json'; readonly pointer: string }
  /** Samples of a body in the text format of Prometheus: those with all these labels are added up. */
  | { readonly in: 'metric'; readonly name: string; readonly labels: Readonly<Record<string, string>> }

/** What a target says of its load: a number of 0 or more in a unit of its own, or why there is none. */
export type LoadFigure = { readonly figure: number } | { readonly problem: string }
