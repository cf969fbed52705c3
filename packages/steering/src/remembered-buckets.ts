import { fillBuckets, type Spread } from './fill-buckets.ts'
import type { Endpoint, Service } from './service.ts'

/**
 * As `fillBuckets`, remembered for each service. Ranking all buckets takes a thousand times as long as everything else in a
 * decision, and most of the client classes that are decided after a change of health are served by the same few sets of
 * endpoints.
 */
export function rememberedBuckets(
  service: Service,
  endpoints: readonly Endpoint[],
  answers: number,
  candidates: readonly Endpoint[],
): Spread {
  const remembered = spreads.get(service) ?? new Map<string, Spread>()
  spreads.set(service, remembered)
  const key = `${answers} of ${contestKey(endpoints)} among ${candidates.map(({ index }) => index).join()}`
  const known = remembered.get(key)
  // Put behind the others again: the first one is the one that was not asked for the longest.
  if (known !== undefined) remembered.delete(key)
  const spread = known ?? fillBuckets(service.name, endpoints, answers, candidates)
  remembered.set(key, spread)
  if (remembered.size > SPREADS_MAX) remembered.delete(remembered.keys().next().value!)
  return spread
}

/** All that a contest depends on, but for the name of the service. */
function contestKey(endpoints: readonly Endpoint[]): string {
  return endpoints.map(({ index, weight }) => `${index}*${weight}`).join()
}

/** Of a service of a configuration: a new one is another object. */
const spreads = new WeakMap<Service, Map<string, Spread>>()

/** 4 KiB each. */
const SPREADS_MAX = 64
