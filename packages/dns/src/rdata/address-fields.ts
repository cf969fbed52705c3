import { printAddress, readAddress } from '@windrose/ip'
import type { Field } from './field.ts'

/** The address of an A record, RFC 1035 section 3.4.1. */
export const ipv4: Field = {
  parse: (reader, writer) => writer.bytes(reader.take(4)),
  read: (words, writer) => {
    const word = words.next('an IPv4 address')
    if (word === undefined) return
    const address = readAddress(word.text)
    if (address?.length === 4) writer.bytes(address)
    else if (address?.length === 16) words.refuse(word, `'${word.text}' is an IPv6 address`, 'did you mean AAAA?')
    else words.refuse(word, `'${word.text}' is no IPv4 address`, hintForIpv4(word.text))
  },
  print: (reader) => printAddress(reader.take(4)),
}

/** The address of an AAAA record, RFC 3596 section 2.2. */
export const ipv6: Field = {
  parse: (reader, writer) => writer.bytes(reader.take(16)),
  read: (words, writer) => {
    const word = words.next('an IPv6 address')
    if (word === undefined) return
    const address = readAddress(word.text)
    if (address?.length === 16) writer.bytes(address)
    else if (address?.length === 4) words.refuse(word, `'${word.text}' is an IPv4 address`, 'did you mean A?')
    else words.refuse(word, `'${word.text}' is no IPv6 address`)
  },
  print: (reader) => printAddress(reader.take(16)),
}

function hintForIpv4(text: string): string | undefined {
  if (/^[0-9.]+$/.test(text)) return 'four numbers from 0 to 255 without leading zeros are expected'
  return /[a-z]/i.test(text) ? 'did you mean CNAME?' : undefined
}
