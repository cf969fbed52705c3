import type { Name } from '@windrose/dns'
import { createLookup, Found, lookup, QnameScan, scanName, type ZoneImage } from '@windrose/zone'

/** Whether a name lies in one of the zones, so that an alias to it is followed here. Off the hot path: it allocates. */
export function isServed(zones: ZoneImage, name: Name): boolean {
  const scan = new QnameScan()
  const found = createLookup()
  scanName(name, scan)
  lookup(zones, scan, 0, found)
  return found.kind !== Found.outside
}
