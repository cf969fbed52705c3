import { numberedLabel } from '../load/query-set.ts'
import { STATIC_ADDRESSES, TTL_S, type World } from './world.ts'

/** The part of the zone that all servers read alike, as a master file; steered names are each server's own matter. */
export function zoneFile({ names }: World): string {
  const lines = [
    `$TTL ${TTL_S}`,
    '@ SOA ns1 hostmaster 1 7200 900 604800 30',
    '@ NS ns1',
    'ns1 A 127.0.0.1',
    ...numberedLabels('a#', names).flatMap((owner) => STATIC_ADDRESSES.map((address) => `${owner} A ${address}`)),
  ]
  return `${lines.join('\n')}\n`
}

export function numberedLabels(owner: string, names: number): string[] {
  return Array.from({ length: names }, (_, number) => numberedLabel(owner, number))
}
