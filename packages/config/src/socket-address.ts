import { printAddress, readAddress } from '@windrose/ip'

/** An address in its canonical text and a port; port 0 is any that is free. */
export interface SocketAddress {
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
}

/** Reads `192.0.2.1:53` or `[2001:db8::1]:53`; otherwise says what is wrong, and what would be right. */
export function readSocketAddress(text: string): SocketAddress | { readonly problem: string; readonly hint?: string } {
  const parts = /^(?:\[([^\]]*)\]|([^[\]]*)):([^:]*)$/.exec(text)
  if (parts === null || (parts[2]?.includes(':') ?? false)) {
    const bare = readAddress(text.replace(/^\[(.*)\]$/, '$1'))
    if (bare === undefined) return { problem: `"${text}" is not an address and a port`, hint: EXAMPLE }
    if (bare.length === 4) return { problem: 'needs a port', hint: `write ${printAddress(bare)}:53` }
    return { problem: 'needs the address in brackets, then a port', hint: EXAMPLE }
  }
  const [, inBrackets, plain, portText = ''] = parts
  const address = readAddress(inBrackets ?? plain ?? '')
  const family = address?.length === 16 ? 6 : 4
  if (address === undefined || (family === 6) !== (inBrackets !== undefined)) {
    return { problem: `"${inBrackets ?? plain}" is not an address`, hint: EXAMPLE }
  }
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Number.NaN
  if (!(port <= 65_535)) return { problem: `"${portText}" is not a port`, hint: 'a number from 0 to 65535' }
  return { address: printAddress(address), family, port }
}

/** As it is written: IPv6 in brackets. */
export function printSocketAddress({ address, family, port }: SocketAddress): string {
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

const EXAMPLE = 'for example 127.0.0.1:5300 or "[::1]:5300"'
