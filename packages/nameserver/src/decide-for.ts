import { type Decision, decide, type Service, UNPLACED } from '@windrose/steering'
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

/** The decision that a cache key stands for. */
export function decideFor(snapshot: Snapshot, key: Omit<CacheKey, 'epoch'>): Decision {
  const service = snapshot.services[key.service]!
  const classes = service.clientMap < 0 ? undefined : snapshot.maps[service.clientMap]!.classes
  return decide(service, key.isIpv6 ? 'ipv6' : 'ipv4', classes?.[key.clientClass] ?? UNPLACED, snapshot.health)
}
