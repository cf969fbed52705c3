import type { Move } from '@windrose/steering'
import type { MoveBody, PopulationBody, SiteShareBody } from '../control/simulate-types.ts'

/**
 * Adds up the moves of many clients.
 *
 * Units are summed for each list of moves, and multiplied by shares once at the end: sums of parts of two are exact, and so
 * the result does not depend on how the address space happens to be cut.
 */
export class MoveSums {
  readonly #units: Map<readonly Move[], number> = new Map()

  add(moves: readonly Move[], units: number): void {
    this.#units.set(moves, (this.#units.get(moves) ?? 0) + units)
  }

  get units(): number {
    let sum = 0
    for (const units of this.#units.values()) sum += units
    return sum
  }

  /** Units that go to another site. */
  moved(): number {
    return this.#sum(({ from, to }) => (from === to ? undefined : 'moved')).get('moved') ?? 0
  }

  /** Units by site number, before (by where they were) or after. */
  bySite(when: 'before' | 'after'): Map<number, number> {
    return this.#sum(({ from, to }) => (when === 'before' ? from : to))
  }

  /** As the API shows it. `nameOf` gives a site's name, null for nobody. */
  print(nameOf: (site: number) => string | null): PopulationBody {
    const { units } = this
    const shares = (when: 'before' | 'after'): SiteShareBody[] =>
      [...this.bySite(when)].map(([site, sum]) => ({ site: nameOf(site), share: sum / units })).sort(byShare)
    const moves = [...this.#sum(({ from, to }) => (from === to ? undefined : `${from} ${to}`))].map(
      ([key, sum]): MoveBody => {
        const [from, to] = key.split(' ')
        return { from: nameOf(Number(from)), to: nameOf(Number(to)), share: sum / units }
      },
    )
    const moved = units === 0 ? 0 : this.moved() / units
    return { units, before: shares('before'), after: shares('after'), moved, moves: moves.sort(byShare) }
  }

  /** Units by what `keyOf` says of a move; those of which it says nothing are left out. */
  #sum<Key>(keyOf: (move: Move) => Key | undefined): Map<Key, number> {
    const sums = new Map<Key, number>()
    for (const [moves, units] of this.#units) {
      for (const move of moves) {
        const key = keyOf(move)
        if (key !== undefined) sums.set(key, (sums.get(key) ?? 0) + units * move.share)
      }
    }
    return sums
  }
}

/** Largest first; of equal ones in the order of their names, so that the same numbers are told the same way. */
function byShare(a: SiteShareBody | MoveBody, b: SiteShareBody | MoveBody): number {
  return b.share - a.share || (nameOf(a) < nameOf(b) ? -1 : 1)
}

function nameOf(one: SiteShareBody | MoveBody): string {
  return 'site' in one ? (one.site ?? '') : `${one.from ?? ''} ${one.to ?? ''}`
}
