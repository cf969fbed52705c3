import { printAddress, readAddress } from '@windrose/ip'
import { printBase64, readBase64 } from './base-encodings.ts'
import { printQuoted } from './character-string.ts'

/** How the value of one SvcParamKey is read from the octets of its text, printed, and what makes it well formed. */
export interface SvcParamForm {
  readonly key: number
  readonly mnemonic: string
  /** The value in wire format; a string says what is wrong. */
  read(text: readonly number[]): Uint8Array | string
  print(value: Uint8Array): string
  isWellFormed(value: Uint8Array): boolean
}

/** Service parameter keys of RFC 9460 section 14.3.2, RFC 9461 (dohpath) and RFC 9540 (ohttp). */
export const SvcParamKey = {
  MANDATORY: 0,
  ALPN: 1,
  NO_DEFAULT_ALPN: 2,
  PORT: 3,
  IPV4HINT: 4,
  ECH: 5,
  IPV6HINT: 6,
  DOHPATH: 7,
  OHTTP: 8,
} as const

/** The number of a key from its mnemonic or `key123`; undefined when it has none. */
export function svcParamKeyOf(text: string): number | undefined {
  const lower = text.toLowerCase()
  const form = SVC_PARAM_FORMS.find(({ mnemonic }) => mnemonic === lower)
  if (form !== undefined) return form.key
  const digits = /^key(0|[1-9][0-9]{0,4})$/.exec(lower)?.[1]
  // 65535 is the invalid key of RFC 9460 section 14.3.2.
  return digits !== undefined && Number(digits) < 0xffff ? Number(digits) : undefined
}

/** The mnemonic of a key, or `key123`. */
export function printSvcParamKey(key: number): string {
  return formOf(key)?.mnemonic ?? `key${key}`
}

export function formOf(key: number): SvcParamForm | undefined {
  return SVC_PARAM_FORMS.find((form) => form.key === key)
}

const mandatory: SvcParamForm = {
  key: SvcParamKey.MANDATORY,
  mnemonic: 'mandatory',
  read: (text) => {
    const keys: number[] = []
    for (const part of asText(text).split(',')) {
      const key = svcParamKeyOf(part)
      if (key === undefined) return `'${part}' is no key`
      if (keys.includes(key)) return `'${part}' is listed twice`
      keys.push(key)
    }
    return Uint8Array.from(keys.sort((a, b) => a - b).flatMap((key) => [key >> 8, key & 0xff]))
  },
  print: (value) => mandatoryKeys(value).map(printSvcParamKey).join(','),
  isWellFormed: (value) => {
    const keys = mandatoryKeys(value)
    return (
      value.length >= 2 &&
      value.length % 2 === 0 &&
      keys[0] !== 0 &&
      keys.every((key, i) => i === 0 || key > keys[i - 1]!)
    )
  },
}

/** The keys that the value of `mandatory` lists. */
export function mandatoryKeys(value: Uint8Array): number[] {
  const keys: number[] = []
  for (let i = 0; i + 1 < value.length; i += 2) keys.push((value[i]! << 8) | value[i + 1]!)
  return keys
}

const alpn: SvcParamForm = {
  key: SvcParamKey.ALPN,
  mnemonic: 'alpn',
  read: (text) => {
    const value: number[] = []
    for (const id of splitValueList(text)) {
      if (id.length === 0) return 'a protocol id is empty'
      if (id.length > 255) return 'a protocol id is longer than 255 octets'
      value.push(id.length, ...id)
    }
    return Uint8Array.from(value)
  },
  print: (value) => {
    const list: number[] = []
    for (const id of protocolIds(value)) {
      if (list.length > 0) list.push(COMMA)
      for (const octet of id) list.push(...(octet === COMMA || octet === BACKSLASH ? [BACKSLASH, octet] : [octet]))
    }
    return printQuoted(Uint8Array.from(list))
  },
  isWellFormed: (value) => {
    let at = 0
    while (at < value.length && value[at]! > 0) at += 1 + value[at]!
    return value.length > 0 && at === value.length
  },
}

const port: SvcParamForm = {
  key: SvcParamKey.PORT,
  mnemonic: 'port',
  read: (text) => {
    const digits = asText(text)
    if (!/^[0-9]{1,5}$/.test(digits) || Number(digits) > 0xffff) return `'${digits}' is no port`
    return Uint8Array.of(Number(digits) >> 8, Number(digits))
  },
  print: (value) => String((value[0]! << 8) | value[1]!),
  isWellFormed: (value) => value.length === 2,
}

const ech: SvcParamForm = {
  key: SvcParamKey.ECH,
  mnemonic: 'ech',
  read: (text) => readBase64(asText(text)) ?? 'the value is no base 64',
  print: (value) => `"${printBase64(value)}"`,
  isWellFormed: (value) => value.length > 0,
}

const dohpath: SvcParamForm = {
  key: SvcParamKey.DOHPATH,
  mnemonic: 'dohpath',
  read: (text) => Uint8Array.from(text),
  print: (value) => printQuoted(value),
  isWellFormed: (value) => value.length > 0,
}

/** A key that says all by being there. */
function flag(key: number, mnemonic: string): SvcParamForm {
  return {
    key,
    mnemonic,
    read: (text) => (text.length === 0 ? new Uint8Array(0) : 'it takes no value'),
    print: () => '',
    isWellFormed: (value) => value.length === 0,
  }
}

function addressHint(key: number, mnemonic: string, octets: 4 | 16): SvcParamForm {
  return {
    key,
    mnemonic,
    read: (text) => {
      const value: number[] = []
      for (const part of asText(text).split(',')) {
        const address = readAddress(part)
        if (address?.length !== octets) return `'${part}' is no ${octets === 4 ? 'IPv4' : 'IPv6'} address`
        value.push(...address)
      }
      return Uint8Array.from(value)
    },
    print: (value) => {
      const addresses: string[] = []
      for (let i = 0; i < value.length; i += octets) addresses.push(printAddress(value.subarray(i, i + octets)))
      return addresses.join(',')
    },
    isWellFormed: (value) => value.length > 0 && value.length % octets === 0,
  }
}

const SVC_PARAM_FORMS: readonly SvcParamForm[] = [
  mandatory,
  alpn,
  flag(SvcParamKey.NO_DEFAULT_ALPN, 'no-default-alpn'),
  port,
  addressHint(SvcParamKey.IPV4HINT, 'ipv4hint', 4),
  ech,
  addressHint(SvcParamKey.IPV6HINT, 'ipv6hint', 16),
  dohpath,
  flag(SvcParamKey.OHTTP, 'ohttp'),
]

const COMMA = 0x2c
const BACKSLASH = 0x5c

function asText(octets: readonly number[]): string {
  return octets.map((octet) => String.fromCharCode(octet)).join('')
}

/** Splits at commas; `\,` and `\\` stand for themselves (RFC 9460 appendix A.1). */
function splitValueList(text: readonly number[]): number[][] {
  const items: number[][] = [[]]
  for (let i = 0; i < text.length; i++) {
    if (text[i] === COMMA) items.push([])
    else {
      if (text[i] === BACKSLASH && i + 1 < text.length) i++
      items[items.length - 1]!.push(text[i]!)
    }
  }
  return items
}

function protocolIds(value: Uint8Array): Uint8Array[] {
  const ids: Uint8Array[] = []
  for (let at = 0; at < value.length; at += 1 + value[at]!) ids.push(value.subarray(at + 1, at + 1 + value[at]!))
  return ids
}
