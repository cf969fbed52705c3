import type { Octets } from '@windrose/health'

/** The octets that a check is written with. */
export function octetsOf(octets: Octets): Buffer {
  return typeof octets === 'string' ? Buffer.from(octets, 'utf8') : Buffer.from(octets.hex, 'hex')
}
