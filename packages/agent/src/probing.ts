import type { Attempt } from './attempt.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'

/** A probe under way, as each kind of check takes it up. */
export interface Probing {
  readonly attempt: Attempt
  /** The one IP address that everything of this probe goes to. */
  readonly address: string
  /** How the endpoint is written: an address, or the host name that the address was found for. */
  readonly name: string
  readonly surroundings: ProbeSurroundings
}
