/** What must be there before the server may be sent queries, and what of it is missing. */
export class Readiness {
  readonly #missing = new Map<string, () => string>()

  /** Not ready until `done` is called with the same key; `say` gives the sentence at the time somebody asks. */
  waitFor(key: string, say: () => string): void {
    this.#missing.set(key, say)
  }

  done(key: string): void {
    this.#missing.delete(key)
  }

  get ready(): boolean {
    return this.#missing.size === 0
  }

  waitingFor(): readonly string[] {
    return [...this.#missing.values()].map((say) => say())
  }
}
