import { Rtype } from '@windrose/dns'
import type { QuerySet } from '../load/query-set.ts'
import { type World, ZONE } from '../world/world.ts'

/** What can be asked of a world. The first label and what the client says of itself differ. */
export interface Workload {
  readonly name: string
  readonly queries: (world: Pick<World, 'names'>) => QuerySet
  /** Records that each answer must have, and the rcode. */
  readonly records: number
  readonly rcode: number
}

const of = (owner: string, qtype: number, subnet: QuerySet['subnet'], names: number): QuerySet => ({
  owner,
  names,
  zone: ZONE,
  qtype,
  subnet,
})

export const STEERED: Workload = {
  name: 'steered A, IPv4 subnet',
  queries: ({ names }) => of('g#', Rtype.A, 'ipv4', names),
  records: 2,
  rcode: 0,
}

export const STATIC: Workload = {
  name: 'static A',
  queries: ({ names }) => of('a#', Rtype.A, 'none', names),
  records: 2,
  rcode: 0,
}

/** The others have nothing like it. */
export const CONSISTENT = 'consistent A, IPv4 subnet'

export const WORKLOADS: readonly Workload[] = [
  STATIC,
  STEERED,
  {
    name: 'steered AAAA, IPv6 subnet',
    queries: ({ names }) => of('g#', Rtype.AAAA, 'ipv6', names),
    records: 1,
    rcode: 0,
  },
  { name: 'steered A, no subnet', queries: ({ names }) => of('g#', Rtype.A, 'none', names), records: 2, rcode: 0 },
  { name: 'weighted A', queries: ({ names }) => of('w#', Rtype.A, 'none', names), records: 1, rcode: 0 },
  { name: CONSISTENT, queries: () => of('c#', Rtype.A, 'ipv4', 1), records: 1, rcode: 0 },
  { name: 'NXDOMAIN', queries: () => of('x*', Rtype.A, 'none', 1), records: 0, rcode: 3 },
]
