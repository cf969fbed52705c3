import type { SiteUse } from '../capacity/capacity-loop.ts'
import type { RunningParts } from '../running-parts.ts'
import type { Metric } from './metric.ts'
import type { Sample } from './print-metrics.ts'

/** What is placed where sites are full; of sites with a capacity, on the server that places. */
export const CAPACITY_METRICS: readonly Metric[] = [
  {
    name: 'windrose_capacity_load',
    type: 'gauge',
    help: 'Answers a second that lead to a site, of services whose load is placed.',
    collect: ofSites(({ load }) => load),
  },
  {
    name: 'windrose_capacity_room',
    type: 'gauge',
    help: 'Answers a second that such services may send to a site, up to its target.',
    collect: ofSites(({ room }) => room),
  },
  {
    name: 'windrose_capacity_excess',
    type: 'gauge',
    help: 'Answers a second above that.',
    collect: ofSites(({ excess }) => excess),
  },
  {
    name: 'windrose_capacity_unspilled',
    type: 'gauge',
    help: 'The part of the excess that no other site has room for.',
    collect: ofSites(({ unspilled }) => unspilled),
  },
  {
    name: 'windrose_capacity_placed_classes',
    type: 'gauge',
    help: 'Classes of clients of which a share is sent elsewhere than the policy would, by service.',
    collect: ({ capacity }) =>
      [...capacity.placed.values()].map(({ service, classes }) => ({ labels: { service }, value: classes.size })),
  },
]

function ofSites(pick: (use: SiteUse) => number): (parts: RunningParts) => readonly Sample[] {
  return ({ capacity }) => capacity.uses.map((use) => ({ labels: { site: use.site }, value: pick(use) }))
}
