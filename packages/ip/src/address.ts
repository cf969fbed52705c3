/** An IP address: its 4 (IPv4) or 16 (IPv6) octets in network order. */
export type Address = Uint8Array

/**
 * Reads an address in presentation format, or gives undefined.
 *
 * Strict on purpose: IPv4 is four decimal numbers without leading zeros (some programs read those as octal), IPv6
 * is RFC 4291 section 2.2 with or without a dotted quad at its end. No zone ids, no brackets, no blanks.
 */
export function readAddress(text: string): Address | undefined {
  return text.includes(':') ? readIpv6(text) : readIpv4(text)
}

/**
 * Prints an address; IPv6 as RFC 5952 wants it: lower case, no leading zeros, the first of the longest runs of two
 * or more zero groups as `::`, and IPv4-mapped addresses with a dotted quad.
 */
export function printAddress(address: Uint8Array): string {
  return address.length === 4 ? printIpv4(address, 0) : printIpv6(address)
}

/** True when both are the same family and the same octets. */
export function equalAddresses(a: Address, b: Address): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const DECIMAL_OCTET = /^(?:0|[1-9][0-9]{0,2})$/
const HEX_GROUP = /^[0-9A-Fa-f]{1,4}$/

function readIpv4(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const address = new Uint8Array(4)
  for (const [i, part] of parts.entries()) {
    if (!DECIMAL_OCTET.test(part) || Number(part) > 255) return undefined
    address[i] = Number(part)
  }
  return address
}

function readIpv6(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = readGroups(halves[0]!, halves.length === 1)
  const tail = readGroups(halves[1] ?? '', true)
  if (head === undefined || tail === undefined) return undefined
  const length = head.length + tail.length
  // `::` stands for at least one group, so with it there is room for seven at most.
  if (halves.length === 1 ? length !== 16 : length > 14) return undefined
  const address = new Uint8Array(16)
  address.set(head, 0)
  address.set(tail, 16 - tail.length)
  return address
}

/** The octets of one side of `::`; a dotted quad may only end the whole address. */
function readGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return []
  const octets: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    if (isEnd && i === groups.length - 1 && group.includes('.')) {
      const quad = readIpv4(group)
      if (quad === undefined) return undefined
      octets.push(...quad)
    } else {
      if (!HEX_GROUP.test(group)) return undefined
      const value = Number.parseInt(group, 16)
      octets.push(value >> 8, value & 0xff)
    }
  }
  return octets
}

function printIpv4(octets: Uint8Array, start: number): string {
  return `${octets[start]}.${octets[start + 1]}.${octets[start + 2]}.${octets[start + 3]}`
}

function printIpv6(address: Uint8Array): string {
  if (isMapped(address)) return `::ffff:${printIpv4(address, 12)}`
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((address[i]! << 8) | address[i + 1]!)
  const run = longestZeroRun(groups)
  if (run.length < 2) return printGroups(groups)
  return `${printGroups(groups.slice(0, run.start))}::${printGroups(groups.slice(run.start + run.length))}`
}

function printGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':')
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  return best
}

/** ::ffff:0:0/96, RFC 4291 section 2.5.5.2. */
function isMapped(address: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return false
  return address[10] === 0xff && address[11] === 0xff
}
