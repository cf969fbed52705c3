import type { AllNetworks, Network } from '@windrose/geo'
import type { NetworkCount } from './count-clients.ts'
import { MoveSums } from './move-sums.ts'
import type { ServiceMoves } from './service-moves.ts'

/** A network with where its clients are sent. */
export interface SummedNetwork {
  readonly network: Network
  readonly ipv4: MoveSums
  readonly ipv6: MoveSums
}

export interface SummedNetworks {
  /** Those of whom most /24s move, then most /48s; then the largest. */
  readonly first: readonly SummedNetwork[]
  readonly leftOut: number
}

/** Sums the clients of the first `most` networks. All are weighed, but only these are told about. */
export function sumNetworks(
  networks: AllNetworks | undefined,
  counts: { readonly ipv4: NetworkCount; readonly ipv6: NetworkCount },
  moves: ServiceMoves,
  most: number,
): SummedNetworks {
  if (networks === undefined) return { first: [], leftOut: 0 }
  const size = networks.list.length
  const [ipv4, ipv6] = [weigh(counts.ipv4, moves, size), weigh(counts.ipv6, moves, size)]
  const columns = [ipv4.moved, ipv6.moved, ipv4.units, ipv6.units]
  const present = Array.from({ length: size }, (_, index) => index).filter(
    (index) => ipv4.units[index]! > 0 || ipv6.units[index]! > 0,
  )
  const ranked = present.sort((a, b) => {
    for (const column of columns) if (column[a] !== column[b]) return column[b]! - column[a]!
    return networks.list[a]!.asn - networks.list[b]!.asn
  })
  const first = ranked.slice(0, most)
  const sums = new Map(
    first.map((index) => [index, { network: networks.list[index]!, ipv4: new MoveSums(), ipv6: new MoveSums() }]),
  )
  for (const family of ['ipv4', 'ipv6'] as const) {
    forEachRow(counts[family], (index, before, after, units) => {
      sums.get(index)?.[family].add(moves.of(before, after), units)
    })
  }
  return { first: [...sums.values()], leftOut: ranked.length - first.length }
}

/** Units of each network, and those of them that move. */
function weigh(count: NetworkCount, moves: ServiceMoves, size: number): { units: Float64Array; moved: Float64Array } {
  const all = { units: new Float64Array(size), moved: new Float64Array(size) }
  forEachRow(count, (index, before, after, units) => {
    all.units[index]! += units
    all.moved[index]! += units * moves.moved(before, after)
  })
  return all
}

function forEachRow(
  { networks, pairs, units, classes }: NetworkCount,
  visit: (network: number, before: number, after: number, units: number) => void,
): void {
  for (let row = 0; row < networks.length; row++) {
    const { before, after } = classes[pairs[row]!]!
    visit(networks[row]!, before, after, units[row]!)
  }
}
