import { type AreaMatcher, CONTINENT_CODES, CONTINENTS, countryCodes } from '@windrose/geo'
import { suggestName } from '@windrose/health'
import { readPrefix } from '@windrose/ip'

/** What a key of `areas` stands for, or what is wrong with it. */
export type AreaKey =
  | { readonly kind: 'default' }
  | { readonly kind: 'clients'; readonly of: AreaMatcher; readonly hostBitsSet?: boolean }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string }

/** Reads `country:DE`, `10.20.0.0/16`, `default` and the like. Codes may be in either case. */
export function readAreaKey(text: string): AreaKey {
  if (text === 'default') return { kind: 'default' }
  const read = readPrefix(text)
  if (read !== undefined) {
    return { kind: 'clients', of: { kind: 'prefix', prefix: read.prefix }, hostBitsSet: read.hostBitsSet }
  }
  const colon = text.indexOf(':')
  const kind = text.slice(0, Math.max(0, colon))
  const value = text.slice(colon + 1)
  switch (kind) {
    case 'asn':
      return readAsn(value)
    case 'city':
    case 'subdivision':
      return readNamed(kind, value)
    case 'country': {
      const country = value.toUpperCase()
      return COUNTRIES.has(country) ? { kind: 'clients', of: { kind, country } } : noCountry(value)
    }
    case 'continent':
      return readContinent(value)
    default:
      return noArea(text)
  }
}

const COUNTRIES: ReadonlySet<string> = new Set(countryCodes())
const KINDS = ['asn', 'city', 'subdivision', 'country', 'continent']
const CONTINENT_LIST: readonly string[] = Object.values(CONTINENT_CODES)

function readAsn(value: string): AreaKey {
  const asn = Number(value)
  const isAsn = /^[1-9][0-9]{0,9}$/.test(value) && asn < 2 ** 32
  if (isAsn) return { kind: 'clients', of: { kind: 'asn', asn } }
  const digits = /^AS([0-9]+)$/i.exec(value)?.[1]
  const hint = digits === undefined ? 'a number from 1 to 4294967295: asn:64500' : `write asn:${digits}`
  return { kind: 'wrong', message: `"${value}" is not an AS number`, hint }
}

function readNamed(kind: 'city' | 'subdivision', value: string): AreaKey {
  const [, code = '', name = ''] = /^([^/]*)\/(.*)$/.exec(value) ?? []
  const example = kind === 'city' ? 'city:DE/Berlin' : 'subdivision:US/CA'
  const country = code.toUpperCase()
  if (code === '' || name.trim() === '') {
    const [, iso, part] = /^([A-Z]{2})-(.+)$/i.exec(value) ?? []
    const hint = iso === undefined ? `for example ${example}` : `write ${kind}:${iso}/${part}`
    return { kind: 'wrong', message: `"${kind}:${value}" does not say country and name`, hint }
  }
  return COUNTRIES.has(country) ? { kind: 'clients', of: { kind, country, name } } : noCountry(code)
}

function readContinent(value: string): AreaKey {
  const continent = value.toUpperCase()
  if (CONTINENT_LIST.includes(continent)) return { kind: 'clients', of: { kind: 'continent', continent } }
  const named = CONTINENTS.find((name) => name === value.toLowerCase())
  const hint = named === undefined ? `one of ${CONTINENT_LIST.join(', ')}` : `write continent:${CONTINENT_CODES[named]}`
  return { kind: 'wrong', message: `there is no continent "${value}"`, hint }
}

function noCountry(code: string): AreaKey {
  return {
    kind: 'wrong',
    message: `there is no country "${code}"`,
    hint: 'two letters as in ISO 3166-1: DE, US, SG',
  }
}

function noArea(text: string): AreaKey {
  const message = `"${text}" is not an area`
  return { kind: 'wrong', message, hint: meantArea(text) ?? FORMS }
}

const FORMS =
  'a prefix such as 10.20.0.0/16, asn:64500, city:DE/Berlin, subdivision:US/CA, country:DE, continent:EU or default'

function meantArea(text: string): string | undefined {
  const code = text.toUpperCase()
  const meant = [
    ...(COUNTRIES.has(code) ? [`country:${code}`] : []),
    ...(CONTINENT_LIST.includes(code) ? [`continent:${code}`] : []),
  ]
  const named = CONTINENTS.find((name) => name === text.toLowerCase())
  if (named !== undefined) meant.push(`continent:${CONTINENT_CODES[named]}`)
  const [, kind, rest] = /^([a-z]+):(.*)$/i.exec(text) ?? []
  const known = kind === undefined ? suggestName(text, ['default']) : suggestName(kind, KINDS)
  if (known !== undefined) meant.push(kind === undefined ? known : `${known}:${rest}`)
  return meant.length === 0 ? undefined : `did you mean ${meant.map((area) => `"${area}"`).join(' or ')}?`
}
