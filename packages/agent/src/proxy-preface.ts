import type { TcpCheck } from '@windrose/health'

/**
 * The header of the PROXY protocol for a connection that speaks for nobody else, as its specification asks of health
 * checks: version 1 says UNKNOWN, version 2 the command LOCAL, with no addresses.
 */
export function proxyPreface(version: NonNullable<TcpCheck['proxyProtocol']>): Buffer {
  return version === 'v1' ? Buffer.from('PROXY UNKNOWN\r\n') : Buffer.concat([V2_SIGNATURE, V2_LOCAL])
}

const V2_SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** Version 2 with LOCAL, family and transport unspecified, no octets of addresses. */
const V2_LOCAL = Buffer.from([0x20, 0x00, 0x00, 0x00])
