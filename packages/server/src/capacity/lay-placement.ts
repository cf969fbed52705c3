import type { ServicePlacement } from '@windrose/nameserver'
import type { Service } from '@windrose/steering'
import type { ServicePlacementRecord } from './placement-record.ts'

/** Writes where the clients of a service are placed into a snapshot. Whether anything is different now. */
export function layPlacement(
  service: Service,
  { pools, shares, keys }: ServicePlacement,
  record: ServicePlacementRecord | undefined,
): boolean {
  let isNew = false
  const row = new Uint16Array(pools)
  for (const [classNumber, key] of keys.entries()) {
    const placed = record?.classes.get(key)
    for (const [position, { siteName }] of service.pools.entries()) row[position] = placed?.shares.get(siteName) ?? 0
    for (let position = 0; position < pools; position++) {
      const at = classNumber * pools + position
      if (shares[at] === row[position]) continue
      shares[at] = row[position]!
      isNew = true
    }
  }
  return isNew
}
