import { type Address, printAddress, readAddress } from './address.ts'

/** The leading bits of an address. All bits of `address` beyond `length` are zero. */
export interface Prefix {
  readonly address: Address
  readonly length: number
}

const DECIMAL_LENGTH = /^(?:0|[1-9][0-9]{0,2})$/

/**
 * Reads `192.0.2.0/24` or `2001:db8::/32`; a bare address is a host prefix (/32 or /128). Undefined when it is
 * neither. Bits beyond the length are cleared, and `hostBitsSet` says that there were some, so that the caller can
 * refuse or warn: `10.1.2.3/8` is more often a slip than a wish.
 */
export function readPrefix(text: string): { readonly prefix: Prefix; readonly hostBitsSet: boolean } | undefined {
  const slash = text.indexOf('/')
  const address = readAddress(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  const bits = address.length * 8
  if (slash < 0) return { prefix: { address, length: bits }, hostBitsSet: false }
  const digits = text.slice(slash + 1)
  if (!DECIMAL_LENGTH.test(digits) || Number(digits) > bits) return undefined
  const length = Number(digits)
  const masked = maskAddress(address, length)
  return { prefix: { address: masked, length }, hostBitsSet: masked.some((octet, i) => octet !== address[i]) }
}

/** Prints a prefix as address, slash, length; also for host prefixes. */
export function printPrefix(prefix: Prefix): string {
  return `${printAddress(prefix.address)}/${prefix.length}`
}

/** A copy of the address with every bit beyond the first `length` cleared. */
export function maskAddress(address: Address, length: number): Address {
  const masked = new Uint8Array(address.length)
  const whole = length >> 3
  masked.set(address.subarray(0, whole))
  if (whole < address.length) masked[whole] = address[whole]! & (0xff00 >> (length & 7))
  return masked
}

/** True when the address is of the prefix's family and begins with its bits. */
export function containsAddress(prefix: Prefix, address: Address): boolean {
  if (prefix.address.length !== address.length) return false
  const whole = prefix.length >> 3
  for (let i = 0; i < whole; i++) if (prefix.address[i] !== address[i]) return false
  if (whole === address.length) return true
  const mask = (0xff00 >> (prefix.length & 7)) & 0xff
  return (prefix.address[whole]! & mask) === (address[whole]! & mask)
}
