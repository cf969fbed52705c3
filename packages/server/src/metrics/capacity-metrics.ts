import type { SiteUse } from '../capacity/capacity-loop.ts'
import type { SiteLoad } from '../capacity/site-load.ts'
import type { RunningParts } from '../running-parts.ts'
import type { Metric } from './metric.ts'
import type { Sample } from './print-metrics.ts'

/** The loads of sites with a capacity; and what is placed where they are full, on the server that places. */
export const CAPACITY_METRICS: readonly Metric[] = [
  {
    name: 'windrose_site_load',
    type: 'gauge',
    help: 'The load of a site in the unit of its capacity, as far as it is known.',
    collect: ofSiteLoads(({ load, unit }) => (load === undefined ? undefined : { value: load, labels: { unit } })),
  },
  {
    name: 'windrose_site_capacity',
    type: 'gauge',
    help: 'The load at which a site is full.',
    collect: ofSiteLoads(({ capacity, unit }) => ({ value: capacity, labels: { unit } })),
  },
  {
    name: 'windrose_site_load_source',
    type: 'gauge',
    help: '1 for where the load of a site is known from.',
    collect: ofSiteLoads(({ source }) => ({ value: 1, labels: { source } })),
  },
  {
    name: 'windrose_site_load_age_seconds',
    type: 'gauge',
    help: 'Time since the endpoints of a site said its load, where they do.',
    collect: ofSiteLoads(({ ageMs }) => (ageMs === undefined ? undefined : { value: ageMs / 1000 })),
  },
  {
    name: 'windrose_site_load_per_answer',
    type: 'gauge',
    help: 'The load that one answer a second makes at a site whose load is reported.',
    collect: ofSiteLoads(({ source, factor }) =>
      source === 'counted' || factor === undefined ? undefined : { value: factor },
    ),
  },
  {
    name: 'windrose_capacity_load',
    type: 'gauge',
    help: 'Answers a second that all services send to a site under the present shares.',
    collect: ofSites(({ load }) => load),
  },
  {
    name: 'windrose_capacity_room',
    type: 'gauge',
    help: 'Answers a second that make the load of a site its target.',
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

type SiteSample = { readonly value: number; readonly labels?: Sample['labels'] } | undefined

function ofSiteLoads(pick: (load: SiteLoad) => SiteSample): (parts: RunningParts) => readonly Sample[] {
  return ({ capacity }) =>
    capacity.siteLoads().flatMap((load): Sample[] => {
      const sample = pick(load)
      return sample === undefined ? [] : [{ labels: { site: load.site, ...sample.labels }, value: sample.value }]
    })
}

function ofSites(pick: (use: SiteUse) => number): (parts: RunningParts) => readonly Sample[] {
  return ({ capacity }) => capacity.uses.map((use) => ({ labels: { site: use.site }, value: pick(use) }))
}
