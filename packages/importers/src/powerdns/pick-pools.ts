import { printName } from '@windrose/dns'
import type { DraftEndpoint } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import { fitWeights } from '../fit-weights.ts'
import { MAIN_SITE, type Recipe } from '../recipe.ts'
import {
  itemsOfValue,
  type LuaRecord,
  NotExpressible,
  numberOfValue,
  placeOfValue,
  textOfValue,
  type Valued,
} from './lua-record.ts'

/** What all recipes of a record have in common. PowerDNS leaves out what is down, however little remains. */
export function baseOf({ owner, type, place }: LuaRecord): Pick<Recipe, 'place' | 'title' | 'panic' | 'steps'> {
  return { place, title: `${printName(owner)} LUA ${type}`, panic: 0, steps: [] }
}

/** One endpoint: an address of the record's family, or a name for a CNAME. */
export function endpointOf(record: LuaRecord, valued: Valued): DraftEndpoint {
  const text = textOfValue(record, valued)
  const isName = record.type === 'CNAME'
  const target = endpointTarget(isName && !text.endsWith('.') ? `${text}.` : text)
  const isFamily = isName
    ? target?.form === 'cname'
    : target !== undefined && target.target.includes(':') === (record.type === 'AAAA')
  if (target === undefined || !isFamily) {
    throw new NotExpressible(
      placeOfValue(valued),
      `"${text}" is no value of the type ${record.type}`,
      'mend it in the source',
    )
  }
  return isName && !record.canBeName ? { ...target, form: 'alias' } : target
}

export function endpointsOf(record: LuaRecord, valued: Valued): DraftEndpoint[] {
  const endpoints = itemsOfValue(record, valued).map((item) => endpointOf(record, item))
  if (endpoints.length > 0) return endpoints
  throw new NotExpressible(placeOfValue(valued), 'the list is empty', 'mend it in the source')
}

/** Pairs of weight and value. Those of weight 0 are never picked. */
export function weightedEndpointsOf(record: LuaRecord, valued: Valued): DraftEndpoint[] {
  const endpoints = itemsOfValue(record, valued).map((pair) => {
    const [weight, value, extra] = itemsOfValue(record, pair)
    if (weight === undefined || value === undefined || extra !== undefined) {
      throw new NotExpressible(placeOfValue(pair), 'a pair of weight and value is expected', 'mend it in the source')
    }
    return { ...endpointOf(record, value), weight: numberOfValue(record, weight, [0, 2 ** 31 - 1]) }
  })
  if (endpoints.every(({ weight }) => weight === 0)) {
    throw new NotExpressible(placeOfValue(valued), 'all weights are 0', 'mend it in the source')
  }
  const { weights } = fitWeights(endpoints.map(({ weight }) => weight))
  return endpoints.map((endpoint, i) => ({ ...endpoint, weight: weights[i]! }))
}

/** A recipe of one pool. */
export function inOnePool(
  record: LuaRecord,
  endpoints: readonly DraftEndpoint[],
  draw: Pick<Recipe, 'draw' | 'answers'>,
): Recipe {
  return { ...baseOf(record), ...draw, pools: new Map([[MAIN_SITE, { kind: 'endpoints', endpoints }]]), endpoints }
}

/** All values in each answer. */
export function allOf(record: LuaRecord, valued: Valued): Recipe {
  return inOnePool(record, endpointsOf(record, valued), { draw: 'all' })
}
