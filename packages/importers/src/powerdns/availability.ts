import { readAddress } from '@windrose/ip'
import { checkBySettings } from '../check-by-settings.ts'
import { type DraftEndpoint, note } from '../draft.ts'
import { MAIN_SITE, type PoolRecipe, type Recipe } from '../recipe.ts'
import {
  argumentOf,
  entriesOfValue,
  itemsOfValue,
  type LuaCall,
  type LuaRecord,
  NotExpressible,
  numberOfValue,
  placeOfValue,
  resolveValue,
  textOfValue,
  type Valued,
} from './lua-record.ts'
import { baseOf, endpointOf, endpointsOf } from './pick-pools.ts'
import { nearestOf, type Pick } from './picks.ts'

/** The functions that pick among what is up. The first set with anything up serves. */
export const AVAILABILITY: ReadonlyMap<string, Pick> = new Map<string, Pick>([
  [
    'ifportup',
    (record, call) => {
      const port = numberOfValue(record, argumentOf(call, 0), [1, 65_535])
      const options = readOptions(record, call.arguments[2])
      const check = checkNamed(record, call, `tcp-${port}`, { type: 'tcp', port, ...timesOf(options) })
      return pickUp(record, call, { sets: setsOf(record, argumentOf(call, 1)), check, options })
    },
  ],
  [
    'ifurlup',
    (record, call) => {
      const options = readOptions(record, call.arguments[2])
      const url = urlOf(record, argumentOf(call, 0))
      const check = checkNamed(record, call, `${url.protocol.slice(0, -1)}-${url.hostname}`, httpSettings(url, options))
      return pickUp(record, call, { sets: setsOf(record, argumentOf(call, 1)), check, options })
    },
  ],
  ['ifurlextup', ifUrlExtUp],
])

interface Options {
  readonly selector: string
  readonly texts: ReadonlyMap<string, string>
}

/** Options that have a meaning here; others are listed. */
function readOptions(record: LuaRecord, valued: Valued | undefined): Options {
  const texts = new Map<string, string>()
  if (valued === undefined) return { selector: 'random', texts }
  for (const [key, value] of entriesOfValue(record, valued)) {
    const { expression } = value
    const text = expression.kind === 'constant' ? String(expression.value) : textOfValue(record, value)
    if (KNOWN_OPTIONS.has(key)) texts.set(key, text)
    else {
      const source = `${key}=${text}`
      const why =
        key === 'backupSelector' ? 'when all are down, answers are picked as always' : 'windrose has no such option'
      note(record.draft, 'left out', placeOfValue(value), { source, why, instead: 'see the checks of windrose' })
    }
  }
  return { selector: texts.get('selector') ?? 'random', texts }
}

const KNOWN_OPTIONS: ReadonlySet<string> = new Set([
  'selector',
  'source',
  'timeout',
  'interval',
  'minimumFailures',
  'stringmatch',
  'useragent',
  'byteslimit',
  'httpcode',
])

/** PowerDNS's times where nothing is said: a probe every 5 s, 2 s for it, and one failure is enough. */
function timesOf({ texts }: Options): Readonly<Record<string, unknown>> {
  const number = (key: string, least: number, most: number, otherwise: number): number => {
    const value = Number(texts.get(key) ?? otherwise)
    return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), least), most) : otherwise
  }
  const timeout = number('timeout', 1, 600, 2)
  const interval = Math.max(number('interval', 1, 3600, 5), timeout + 1)
  const source = texts.get('source')
  return {
    interval: `${interval}s`,
    timeout: `${timeout}s`,
    rise: 1,
    fall: number('minimumFailures', 1, 100, 1),
    ...(source === undefined || readAddress(source) === undefined ? {} : { source_address: source }),
  }
}

function urlOf(record: LuaRecord, valued: Valued): URL {
  const text = textOfValue(record, valued)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new NotExpressible(placeOfValue(valued), `"${text}" is no URL of http or https`, 'mend it in the source')
}

function httpSettings(url: URL, options: Options): Readonly<Record<string, unknown>> {
  const { texts } = options
  const path = `${url.pathname}${url.search}`
  const agent = texts.get('useragent')
  const body = texts.get('stringmatch')
  const limit = Number(texts.get('byteslimit') ?? 0)
  const code = Number(texts.get('httpcode') ?? 200)
  return {
    type: url.protocol.slice(0, -1),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(path === '/' ? {} : { path }),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(agent === undefined || !/^[\t\x20-\x7e]*$/.test(agent) ? {} : { headers: { 'User-Agent': agent } }),
    expect: {
      status: [code >= 100 && code <= 599 ? code : 200],
      ...(body === undefined || body === '' ? {} : { body }),
      ...(limit > 0 && Number.isFinite(limit) ? { body_limit: Math.min(Math.trunc(limit), 1_048_576) } : {}),
    },
    ...timesOf(options),
  }
}

function checkNamed(
  record: LuaRecord,
  call: LuaCall,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): string {
  return checkBySettings(record.draft, name, { settings, place: call.place, comment: call.name })
}

/** One set of addresses, or a list of sets. */
function setsOf(record: LuaRecord, valued: Valued): DraftEndpoint[][] {
  const items = itemsOfValue(record, valued)
  const isNested = items.some((item) => resolveValue(record, item).expression.kind === 'table')
  return isNested ? items.map((item) => endpointsOf(record, item)) : [endpointsOf(record, valued)]
}

interface Candidates {
  readonly sets: readonly (readonly DraftEndpoint[])[]
  /** Where all endpoints have the same. */
  readonly check?: string
  readonly options: Options
}

function pickUp(record: LuaRecord, call: LuaCall, { sets, check, options }: Candidates): Recipe {
  const checked = sets.map((endpoints) =>
    endpoints.map((endpoint) => (check === undefined ? endpoint : { ...endpoint, checks: [check] })),
  )
  if (options.selector === 'pickclosest') return nearestOf(record, call, checked)
  const draw = DRAWS.get(options.selector)
  if (draw === undefined) {
    throw new NotExpressible(call.place, `the selector "${options.selector}" is not known`)
  }
  const [only] = checked
  if (checked.length === 1 && only !== undefined) {
    const pools = new Map<string, PoolRecipe>([[MAIN_SITE, { kind: 'endpoints', endpoints: only }]])
    return { ...baseOf(record), draw, pools, endpoints: only }
  }
  const pools = new Map(
    checked.map((endpoints, i): [string, PoolRecipe] => [`set-${i + 1}`, { kind: 'endpoints', endpoints }]),
  )
  return { ...baseOf(record), steps: [{ failover: [...pools.keys()] }], draw, pools }
}

const DRAWS: ReadonlyMap<string, Recipe['draw']> = new Map([
  ['random', 'weighted'],
  ['all', 'all'],
  ['hashed', 'consistent'],
])

/** Each address has a URL of its own, that something else serves: a command asks it. */
function ifUrlExtUp(record: LuaRecord, call: LuaCall): Recipe {
  const options = readOptions(record, call.arguments[1])
  const sets = itemsOfValue(record, argumentOf(call, 0)).map((group) =>
    entriesOfValue(record, group).map(([, value]) => value),
  )
  const groups = itemsOfValue(record, argumentOf(call, 0)).map((group) => entriesOfValue(record, group))
  if (sets.flat().length === 0) throw new NotExpressible(call.place, 'there are no addresses', 'mend it in the source')
  const endpoints = groups.map((entries) =>
    entries.map(([address, value]) => {
      const url = urlOf(record, value)
      const { expression, source } = value
      const target = endpointOf(record, { expression: { kind: 'string', at: expression.at, text: address }, source })
      const check = checkNamed(record, call, `url-${url.hostname}`, commandSettings(url, options))
      return { ...target, checks: [check] }
    }),
  )
  const why = 'the state of each address comes from a page that something else serves; a command with curl asks it'
  const instead = 'agents need curl and --allow-commands; or let the page push the states'
  note(record.draft, 'to do', call.place, { source: 'ifurlextup', why, instead })
  return pickUp(record, call, { sets: endpoints, options })
}

/** Exit code 0 is a success; every other one is made a failure. */
function commandSettings(url: URL, options: Options): Readonly<Record<string, unknown>> {
  const { timeout, ...times } = timesOf(options)
  const body = options.texts.get('stringmatch')
  const fetch = `curl -fsS -m ${String(timeout).replace('s', '')} -- "$0"`
  const line = body === undefined ? `${fetch} >/dev/null` : `${fetch} | grep -qF -- "$1"`
  const words = ['/bin/sh', '-c', `${line} || exit 2`, url.href, ...(body === undefined ? [] : [body])]
  const { source_address: _, ...rest } = times
  return { type: 'command', command: words, ...rest, timeout }
}
