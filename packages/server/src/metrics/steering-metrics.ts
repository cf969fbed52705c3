import type { Metric } from './metric.ts'

/** What steering remembers beside verdicts. */
export const STEERING_METRICS: readonly Metric[] = [
  {
    name: 'windrose_pool_held',
    type: 'gauge',
    help: '1 for a pool that failed and is held back.',
    collect: ({ holds }) =>
      [...holds.until.keys()].map((pool) => {
        const [service = '', site = ''] = pool.split('/')
        return { labels: { service, site }, value: 1 }
      }),
  },
  {
    name: 'windrose_round_trip_seconds',
    type: 'gauge',
    help: 'The round trip that latency steps steer by, by endpoint and vantage; of all vantages together where that is empty.',
    collect: ({ roundTrips }) =>
      [...roundTrips.settled].map(([key, microseconds]) => {
        const at = key.lastIndexOf(' ')
        return { labels: { endpoint: key.slice(0, at), vantage: key.slice(at + 1) }, value: microseconds / 1e6 }
      }),
  },
]
