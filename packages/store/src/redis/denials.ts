/**
 * What Redis answers with an error instead of doing it: its user lacks a right, it is out of memory, its disk is full.
 * Whoever writes tries again and again, so it is told here, when it begins, when the reason is another, and when it is over.
 */
export class Denials {
  /** By what is asked for: one may be granted while another is not. */
  readonly #reasons = new Map<string, string>()
  readonly #onDenied: (reason: string | undefined) => void
  #told: string | undefined

  /** `onDenied` hears why something is denied; undefined once nothing is. */
  constructor(onDenied: (reason: string | undefined) => void) {
    this.#onDenied = onDenied
  }

  /** Asks, and looks at what comes of it. */
  async watch<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      const reply = await ask()
      if (this.#reasons.delete(what)) this.#tell()
      return reply
    } catch (error) {
      if ((error as Error).name === 'ReplyError') {
        this.#reasons.set(what, firstLine((error as Error).message))
        this.#tell()
      }
      throw error
    }
  }

  #tell(): void {
    const [reason] = this.#reasons.values()
    if (reason === this.#told) return
    this.#told = reason
    this.#onDenied(reason)
  }
}

/** Without what Redis says of the script that it was in: that has a digest in it. */
function firstLine(message: string): string {
  return message.replace(/ script: [0-9a-f]{40}.*$/s, '')
}
