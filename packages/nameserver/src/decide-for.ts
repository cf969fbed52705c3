import { type Decision, decide, FULL_KEYS, type PlacedLoad, type Service, UNPLACED } from '@windrose/steering'
import type { CacheKey } from './answer-cache.ts'
import type { Exchange } from './exchange.ts'
import { identifyClient } from './identify-client.ts'
import type { Runtime } from './runtime.ts'
import type { Snapshot } from './snapshot.ts'

/** The client's class under a service's map; classes do not matter to a service that has none. */
export function classFor(exchange: Exchange, runtime: Runtime, service: Service): number {
  const client = runtime.client
  client.clientClass = 0
  client.scope = 0
  if (service.clientMap >= 0) {
    identifyClient(exchange, runtime.snapshot.maps[service.clientMap]!, client)
  }
  return client.clientClass
}

function placedLoad(
  { placements }: Snapshot,
  { service, clientClass }: Omit<CacheKey, 'epoch'>,
): PlacedLoad | undefined {
  const placement = placements[service]
  if (placement === undefined) return undefined
  const { pools, shares, keyLengths } = placement
  return {
    shares: shares.subarray(clientClass * pools, (clientClass + 1) * pools),
    keyLengths: keyLengths[clientClass] ?? FULL_KEYS,
  }
}

/** The decision that a cache key stands for. */
export function decideFor(snapshot: Snapshot, key: Omit<CacheKey, 'epoch'>): Decision {
  const service = snapshot.services[key.service]!
  const classes = service.clientMap < 0 ? undefined : snapshot.maps[service.clientMap]!.classes
  const family = key.isIpv6 ? 'ipv6' : 'ipv4'
  const client = classes?.[key.clientClass] ?? UNPLACED
  return decide(service, family, client, snapshot.health, placedLoad(snapshot, key))
}
