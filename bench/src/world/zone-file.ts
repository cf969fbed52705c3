import { numberedLabel } from '../load/query-set.ts'
import { type Kind, STATIC_ADDRESSES, TTL_S, type World } from './world.ts'

/** The part of the zone that all servers read alike, as a master file; steered names are each server's own matter. */
export function zoneFile(world: World): string {
  const lines = [
    `$TTL ${TTL_S}`,
    '@ SOA ns1 hostmaster 1 7200 900 604800 30',
    '@ NS ns1',
    'ns1 A 127.0.0.1',
    ...labelsOf(world, 'a#').flatMap((owner) => STATIC_ADDRESSES.map((address) => `${owner} A ${address}`)),
  ]
  return `${lines.join('\n')}\n`
}

/** The names of one kind that a world has. */
export function labelsOf({ names, only }: World, kind: Kind): string[] {
  const count = only === undefined || only === kind ? names : 1
  return Array.from({ length: count }, (_, number) => numberedLabel(kind, number))
}
