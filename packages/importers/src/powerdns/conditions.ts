import { printPrefix, readPrefix } from '@windrose/ip'
import { isContinentCode, isCountryCode } from '../area.ts'
import {
  itemsOfValue,
  type LuaRecord,
  NotExpressible,
  placeOfValue,
  resolveValue,
  textOfValue,
  type Valued,
} from './lua-record.ts'
import type { LuaExpression } from './lua-syntax.ts'

/** The areas that a condition is true for, as windrose.yaml writes them. Throws for what is no set of areas. */
export function areasOf(record: LuaRecord, valued: Valued): string[] {
  const resolved = resolveValue(record, valued)
  const { expression, source } = resolved
  if (expression.kind === 'binary') return areasOfBinary(record, { expression, source })
  if (expression.kind !== 'call') throw notAnArea(resolved)
  const [argument] = expression.arguments
  if (argument === undefined) throw notAnArea(resolved)
  const wanted: Valued = { expression: argument, source }
  switch (expression.name) {
    case 'continent':
      return codes(record, wanted).map(({ text, place }) => continentArea(text, place))
    case 'country':
    case 'countryCode':
      return codes(record, wanted).map(({ text, place }) => countryArea(text, place))
    case 'asnum':
      return codes(record, wanted).map(({ text, place }) => asnArea(text, place))
    case 'netmask':
      return netmaskAreas(record, wanted)
    case 'region':
      throw new NotExpressible(
        placeOfValue(resolved),
        'a region is one of a country, and no country is named with it',
        "write country('US') and region('CA'), or steer the name by hand",
      )
    default:
      throw notAnArea(resolved)
  }
}

/** Prefixes in canonical form. */
export function netmaskAreas(record: LuaRecord, valued: Valued): string[] {
  return codes(record, valued).map(({ text, place }) => {
    const read = readPrefix(text)
    if (read === undefined) throw new NotExpressible(place, `"${text}" is no prefix`, 'mend it in the source')
    return printPrefix(read.prefix)
  })
}

interface Binary extends Valued {
  readonly expression: LuaExpression & { readonly kind: 'binary' }
}

function areasOfBinary(record: LuaRecord, { expression, source }: Binary): string[] {
  const { operator, left, right } = expression
  if (operator === 'or') {
    return [...areasOf(record, { expression: left, source }), ...areasOf(record, { expression: right, source })]
  }
  if (operator === '==') return areasOfEquality(record, { expression, source })
  if (operator === 'and') {
    const parts = [left, right].filter((part) => part.kind === 'call')
    const country = parts.find(({ name }) => name === 'country')
    const region = parts.find(({ name }) => name === 'region')
    const [inCountry] = country?.arguments ?? []
    const [regions] = region?.arguments ?? []
    if (inCountry !== undefined && regions !== undefined) {
      const within = codes(record, { expression: inCountry, source })
      const [only] = within
      if (within.length === 1 && only !== undefined) {
        const { text: code } = only
        countryArea(code, only.place)
        return codes(record, { expression: regions, source }).map(({ text, place }) =>
          subdivisionArea(code, text, place),
        )
      }
    }
  }
  throw notAnArea({ expression, source })
}

/** `countryCode() == 'US'`. */
function areasOfEquality(record: LuaRecord, { expression, source }: Binary): string[] {
  const { left, right } = expression
  const call = left.kind === 'call' ? left : right
  const other = call === left ? right : left
  if (call.kind === 'call' && call.arguments.length === 0) {
    const value: Valued = { expression: other, source }
    const text = textOfValue(record, value)
    if (call.name === 'countryCode') return [countryArea(text, placeOfValue(value))]
    if (call.name === 'continentCode') return [continentArea(text, placeOfValue(value))]
  }
  throw notAnArea({ expression, source })
}

function notAnArea(valued: Valued): NotExpressible {
  return new NotExpressible(placeOfValue(valued), 'the condition is not about where the client is')
}

interface Code {
  readonly text: string
  readonly place: LuaRecord['place']
}

function codes(record: LuaRecord, valued: Valued): Code[] {
  return itemsOfValue(record, valued).map((item) => ({ text: textOfValue(record, item), place: placeOfValue(item) }))
}

function continentArea(text: string, place: Code['place']): string {
  const code = text.toUpperCase()
  if (isContinentCode(code)) return `continent:${code}`
  throw new NotExpressible(place, `"${text}" is no code of a continent`, 'mend it in the source')
}

function countryArea(text: string, place: Code['place']): string {
  const code = text.toUpperCase()
  if (isCountryCode(code)) return `country:${code}`
  throw new NotExpressible(place, `"${text}" is no code of a country`, 'mend it in the source')
}

function subdivisionArea(country: string, text: string, place: Code['place']): string {
  const code = text.toUpperCase()
  if (/^[A-Z0-9]{1,3}$/.test(code)) return `subdivision:${country.toUpperCase()}/${code}`
  throw new NotExpressible(place, `"${text}" is no code of a region`, 'mend it in the source')
}

function asnArea(text: string, place: Code['place']): string {
  if (/^\d{1,10}$/.test(text) && Number(text) > 0 && Number(text) < 2 ** 32) return `asn:${Number(text)}`
  throw new NotExpressible(place, `"${text}" is no number of an AS`, 'mend it in the source')
}
