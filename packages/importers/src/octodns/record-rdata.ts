import { printName } from '@windrose/dns'
import { type Draft, note } from '../draft.ts'
import type { JsonView } from '../json-view.ts'
import { type StaticRecord, withFinalDots } from '../static-records.ts'
import { type OctodnsRecord, valuesOf } from './record.ts'

/** The static records of an octoDNS record; values that no master file has are listed. */
export function rdataOf(draft: Draft, { owner, type, ttl, view, place }: OctodnsRecord): StaticRecord[] {
  const leave = (where: JsonView['place'], why: string, instead: string): StaticRecord[] => {
    note(draft, 'left out', where, { source: `${printName(owner)} ${type}`, why, instead })
    return []
  }
  const values = valuesOf(view)
  if (values.length === 0) return leave(place, 'the record has no values', 'mend it in the source')
  return values.flatMap((value) => {
    const rdata = printRdata(type, value)
    if (rdata === undefined)
      return leave(value.place, 'this is no value of the type', 'write the record to the master file by hand')
    const written = type === 'SPF' ? 'TXT' : type
    return [{ owner, ttl, type: written, rdata: withFinalDots(type, rdata), place: value.place }]
  })
}

/** Presentation format; undefined for what is not known. */
function printRdata(type: string, value: JsonView): string | undefined {
  if (type === 'TXT' || type === 'SPF') return value.asText === undefined ? undefined : printStrings(value.asText)
  if (value.asText !== undefined) return value.asText
  const fields = FIELDS.get(type)
  if (fields === undefined) return undefined
  const words = fields.map((names) => {
    for (const name of [names].flat()) {
      const text = value.text(name)
      if (text !== undefined) return name === 'value' && type === 'CAA' ? `"${text}"` : text
    }
    return undefined
  })
  if (words.includes(undefined)) return undefined
  if (type === 'NAPTR') return words.map((word, i) => (i >= 2 && i <= 4 ? `"${word}"` : word)).join(' ')
  return [...words, ...paramsOf(value)].join(' ')
}

/** The fields of values in the order of the rdata; older versions have other names for some. */
const FIELDS: ReadonlyMap<string, readonly (string | readonly string[])[]> = new Map([
  [
    'MX',
    [
      ['preference', 'priority'],
      ['exchange', 'value'],
    ],
  ],
  ['SRV', ['priority', 'weight', 'port', 'target']],
  ['CAA', ['flags', 'tag', 'value']],
  ['SSHFP', ['algorithm', 'fingerprint_type', 'fingerprint']],
  ['NAPTR', ['order', 'preference', 'flags', 'service', 'regexp', 'replacement']],
  ['TLSA', ['certificate_usage', 'selector', 'matching_type', 'certificate_association_data']],
  ['DS', ['key_tag', 'algorithm', 'digest_type', 'digest']],
  ['SVCB', ['svcpriority', 'targetname']],
  ['HTTPS', ['svcpriority', 'targetname']],
])

/** `alpn="h2,h3"` of SVCB and HTTPS. */
function paramsOf(value: JsonView): string[] {
  return (value.at('svcparams')?.entries() ?? []).map(([key, param]) => {
    const list = param.itemsOrSelf().flatMap((item) => item.asText ?? [])
    return list.length === 0 ? key : `${key}="${list.join(',')}"`
  })
}

/** A text as character-strings of at most 255 octets. octoDNS writes `\;` for a semicolon. */
function printStrings(text: string): string {
  const octets = new TextEncoder().encode(text.replaceAll('\\;', ';'))
  const strings: string[] = []
  for (let at = 0; at < octets.length || at === 0; at += STRING_MAX) {
    strings.push(`"${[...octets.subarray(at, at + STRING_MAX)].map(printOctet).join('')}"`)
  }
  return strings.join(' ')
}

const STRING_MAX = 255

function printOctet(octet: number): string {
  if (octet < 0x20 || octet > 0x7e) return `\\${String(octet).padStart(3, '0')}`
  const character = String.fromCharCode(octet)
  return character === '"' || character === '\\' ? `\\${character}` : character
}
