import type { Metric } from './metric.ts'
import { BUILD_INFO } from './process-metrics.ts'

/** What the server is, and what it was configured with. */
export const CONTROL_METRICS: readonly Metric[] = [
  BUILD_INFO,
  {
    name: 'windrose_ready',
    type: 'gauge',
    help: '1 while /readyz says ready.',
    collect: ({ readiness }) => [{ value: readiness.ready ? 1 : 0 }],
  },
  {
    name: 'windrose_config_info',
    type: 'gauge',
    help: '1, with the revision that is served.',
    collect: ({ reloader }) => [{ labels: { revision: reloader.current.compiled.configuration.revision }, value: 1 }],
  },
  {
    name: 'windrose_config_reloads_total',
    type: 'counter',
    help: 'Reloads of the configuration, by result.',
    collect: ({ reloader }) =>
      Object.entries(reloader.counts.config).map(([result, value]) => ({ labels: { result }, value })),
  },
  {
    name: 'windrose_config_last_reload_successful',
    type: 'gauge',
    help: '0 while the last reload failed and an older revision is served, else 1.',
    collect: ({ reloader }) => [{ value: reloader.lastFailure === undefined ? 1 : 0 }],
  },
  {
    name: 'windrose_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the revision that is served was loaded, as Unix time.',
    collect: ({ reloader }) => [{ value: reloader.current.loadedAt / 1000 }],
  },
  {
    name: 'windrose_config_restart_needed',
    type: 'gauge',
    help: 'Keys of the configuration whose new values wait for a restart.',
    collect: ({ reloader }) => [{ value: reloader.restartNeeded.length }],
  },
  {
    name: 'windrose_geo_database_build_timestamp_seconds',
    type: 'gauge',
    help: 'When a geo database was built, as Unix time.',
    collect: ({ reloader }) =>
      reloader.current.compiled.geography.databases.map(({ file, type, builtAt }) => ({
        labels: { file, type },
        value: builtAt / 1000,
      })),
  },
  {
    name: 'windrose_geo_reloads_total',
    type: 'counter',
    help: 'Times that a database had changed and was read again, by result.',
    collect: ({ reloader }) =>
      Object.entries(reloader.counts.geo).map(([result, value]) => ({ labels: { result }, value })),
  },
  {
    name: 'windrose_geo_last_reload_successful',
    type: 'gauge',
    help: '0 while a changed database could not be used and the older maps stand, else 1.',
    collect: ({ reloader }) => [{ value: reloader.lastGeoFailure === undefined ? 1 : 0 }],
  },
  {
    name: 'windrose_zones',
    type: 'gauge',
    help: 'Zones that are served.',
    collect: ({ reloader }) => [{ value: reloader.current.compiled.configuration.zones.length }],
  },
]
