import type { Metric } from './metric.ts'

/** Names outside the zones that services answer with. */
export const ALIAS_METRICS: readonly Metric[] = [
  {
    name: 'windrose_alias_addresses',
    type: 'gauge',
    help: 'Addresses that an alias was last resolved to; 0 before the first answer.',
    collect: ({ aliases }) =>
      aliases.states.map(({ name, addresses }) => ({
        labels: { name },
        value: (addresses?.ipv4.length ?? 0) + (addresses?.ipv6.length ?? 0),
      })),
  },
  {
    name: 'windrose_alias_resolved_timestamp_seconds',
    type: 'gauge',
    help: 'When an alias was last resolved, as Unix time; 0 before the first answer.',
    collect: ({ aliases }) =>
      aliases.states.map(({ name, resolvedAt }) => ({ labels: { name }, value: resolvedAt / 1000 })),
  },
  {
    name: 'windrose_alias_failing',
    type: 'gauge',
    help: '1 while the last attempt to resolve an alias failed and its earlier addresses stand.',
    collect: ({ aliases }) =>
      aliases.states.map(({ name, failure }) => ({ labels: { name }, value: failure === '' ? 0 : 1 })),
  },
]
