import { printPublicKey, type Trust } from './signing.ts'

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

  /** Whether a record is of an incarnation before the latest. */
  isEarlier(agent: string, { incarnation }: Pick<LastSigned, 'incarnation'>): boolean {
    const last = this.#last.get(agent)
    return last !== undefined && incarnation < last.incarnation
  }

  /** Whether a table that says all up to this batch says less than what is known. */
  isOld(agent: string, batch: Pick<LastSigned, 'incarnation' | 'sequence'>): boolean {
    const last = this.#last.get(agent)
    const isSame = batch.incarnation === last?.incarnation
    return this.isEarlier(agent, batch) || (isSame && batch.sequence < last.sequence)
  }

  isOldLease(agent: string, lease: Pick<LastSigned, 'incarnation' | 'beat'>): boolean {
    const atStart = this.#atStart.get(agent)
    const isSame = lease.incarnation === atStart?.incarnation
    return this.isEarlier(agent, lease) || (isSame && lease.beat < atStart.beat)
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
