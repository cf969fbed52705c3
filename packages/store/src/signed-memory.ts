import { printPublicKey, type SignedPart, type Trust } from './signing.ts'

/** The latest that an agent has signed, as a server saw it. */
export interface LastSigned {
  /** The agent's public key in base64: what another key signed says nothing of this one. */
  readonly key: string
  readonly incarnation: number
  /** Of the last batch. */
  readonly sequence: number
  /** Of the last lease of the incarnation. */
  readonly beat: number
}

/**
 * Tells replays from news: an agent that signs never goes back, so what is older than what it has signed already was
 * written by somebody else. (One that does not sign is fenced by the store alone, which may have been emptied.)
 */
export class SignedMemory {
  readonly #trust: Trust
  readonly #last = new Map<string, LastSigned>()
  /** What was remembered at the start. From then on whoever follows leases knows which is the latest. */
  readonly #atStart: ReadonlyMap<string, LastSigned>

  /** `remembered` is what a server knew when it last ran. */
  constructor(trust: Trust, remembered: ReadonlyMap<string, LastSigned> = new Map()) {
    this.#trust = trust
    for (const [agent, last] of remembered) if (this.#keyOf(agent) === last.key) this.#last.set(agent, last)
    this.#atStart = new Map(this.#last)
  }

  get last(): ReadonlyMap<string, LastSigned> {
    return this.#last
  }

  /** Undefined for news; else what it is. `place` is the sequence of a batch, or the beat of a lease. */
  findReplay(agent: string, part: SignedPart['part'], incarnation: number, place: number): string | undefined {
    const last = this.#last.get(agent)
    if (last === undefined) return undefined
    const atStart = this.#atStart.get(agent)
    const isOld =
      incarnation < last.incarnation ||
      (part === 'whole' && incarnation === last.incarnation && place < last.sequence) ||
      (part === 'lease' && incarnation === atStart?.incarnation && place < atStart.beat)
    return isOld ? `a ${part} that is older than what is known` : undefined
  }

  /** A batch was taken. */
  noteBatch(
    agent: string,
    { incarnation, sequence }: { readonly incarnation: number; readonly sequence: number },
  ): void {
    const key = this.#keyOf(agent)
    if (key === undefined) return
    const last = this.#last.get(agent)
    const beat = last?.incarnation === incarnation ? last.beat : 0
    this.#last.set(agent, { key, incarnation, sequence, beat })
  }

  /** A lease was taken. It counts from the incarnation's first batch on. */
  noteLease(agent: string, { incarnation, beat }: { readonly incarnation: number; readonly beat: number }): void {
    const last = this.#last.get(agent)
    if (last?.incarnation === incarnation && beat > last.beat) this.#last.set(agent, { ...last, beat })
  }

  #keyOf(agent: string): string | undefined {
    const key = this.#trust.keys.get(agent)
    return key === undefined ? undefined : printPublicKey(key)
  }
}
