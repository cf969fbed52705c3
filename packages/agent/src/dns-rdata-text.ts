import type { DnsCheckQtype } from '@windrose/health'
import { printAddress, readAddress } from '@windrose/ip'
import type dns2 from 'dns2'

/**
 * The rdata of a record in presentation format, in the one spelling that normalizeRdata gives. Empty for a record that
 * lacks its fields.
 */
export function printRdata(record: dns2.Packet.Resource, qtype: DnsCheckQtype): string {
  if (qtype === 'TXT') return [record.data ?? ''].flat().join('')
  return normalizeRdata(fieldsOf(record, qtype).join(' '), qtype)
}

/**
 * One spelling for all that mean the same: addresses as RFC 5952 has them, names in lower case without the final dot,
 * character strings without quotes and joined.
 */
export function normalizeRdata(text: string, qtype: DnsCheckQtype): string {
  if (qtype === 'TXT') return joinStrings(text)
  const words = text.trim().toLowerCase().split(/\s+/)
  if (qtype === 'A' || qtype === 'AAAA') {
    const address = readAddress(words.join(' '))
    return address === undefined ? text : printAddress(address)
  }
  return words.map((word) => word.replace(/^"(.*)"$/, '$1').replace(/(?<=.)\.$/, '')).join(' ')
}

function fieldsOf(
  record: dns2.Packet.Resource,
  qtype: Exclude<DnsCheckQtype, 'TXT'>,
): readonly (string | number | undefined)[] {
  switch (qtype) {
    case 'A':
    case 'AAAA':
      return [record.address]
    case 'CNAME':
    case 'PTR':
      return [record.domain === '' ? '.' : record.domain]
    case 'NS':
      return [record.ns]
    case 'MX':
      return [record.priority, record.exchange === '' ? '.' : record.exchange]
    case 'SRV':
      return [record.priority, record.weight, record.port, record.target === '' ? '.' : record.target]
    case 'SOA': {
      const { primary, admin, serial, refresh, retry, expiration, minimum } = record
      return [primary, admin, serial, refresh, retry, expiration, minimum]
    }
    case 'CAA':
      return [record.flags, record.tag, record.value]
  }
}

/** `"a b" "c"` is `a bc`; a text without quotes is itself. */
function joinStrings(text: string): string {
  const strings = text.match(/"(?:[^"\\]|\\.)*"/g)
  if (strings === null || !text.startsWith('"')) return text
  return strings.map((quoted) => quoted.slice(1, -1).replace(/\\(.)/g, '$1')).join('')
}
