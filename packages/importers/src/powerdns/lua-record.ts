import type { Name, Place } from '@windrose/dns'
import type { Draft } from '../draft.ts'
import type { LuaSource } from './lua-source.ts'
import type { LuaExpression } from './lua-syntax.ts'

/** A LUA record, and what its code may refer to. */
export interface LuaRecord {
  readonly draft: Draft
  readonly owner: Name
  readonly place: Place
  /** What it answers with. */
  readonly type: 'A' | 'AAAA' | 'CNAME'
  readonly source: LuaSource
  /** Whether a CNAME may be answered: not at the apex, nor beside other types. */
  readonly canBeName: boolean
  /** Names that were given a value, in this record or in those that it includes. */
  readonly values: Map<string, Valued>
  readonly placeOf: PlaceOf
}

/** An expression and the text that it is in. */
export interface Valued {
  readonly expression: LuaExpression
  readonly source: LuaSource
}

/** Where an address is; undefined where nothing is known. */
export type PlaceOf = (
  address: string,
) => { readonly at?: readonly [number, number]; readonly country?: string } | undefined

/** Thrown where code says what windrose has no words for, and caught where the record is imported. */
export class NotExpressible extends Error {
  readonly place: Place
  readonly instead: string

  constructor(place: Place, why: string, instead = 'steer the name by hand') {
    super(why)
    this.place = place
    this.instead = instead
  }
}

/** Follows names to what they stand for. */
export function resolveValue(record: LuaRecord, valued: Valued): Valued {
  let { expression, source } = valued
  for (let steps = 0; expression.kind === 'name'; steps++) {
    const next = record.values.get(expression.name)
    if (next === undefined || steps > NAMES_MAX) {
      throw new NotExpressible(source.placeAt(expression.at), `nothing is known of "${expression.name}"`)
    }
    expression = next.expression
    source = next.source
  }
  return { expression, source }
}

const NAMES_MAX = 20

export function placeOfValue({ expression, source }: Valued): Place {
  return source.placeAt(expression.at)
}

/** The items of a list, or the value alone. */
export function itemsOfValue(record: LuaRecord, valued: Valued): Valued[] {
  const resolved = resolveValue(record, valued)
  const { expression, source } = resolved
  if (expression.kind !== 'table') return [resolved]
  return expression.fields.map(({ key, value }) => {
    if (key === undefined) return resolveValue(record, { expression: value, source })
    throw new NotExpressible(source.placeAt(key.at), 'a list without keys is expected')
  })
}

/** The entries of a table with keys. */
export function entriesOfValue(record: LuaRecord, valued: Valued): [key: string, value: Valued][] {
  const { expression, source } = resolveValue(record, valued)
  if (expression.kind !== 'table') throw new NotExpressible(source.placeAt(expression.at), 'a table is expected')
  return expression.fields.map(({ key, value }) => {
    if (key?.kind !== 'string') throw new NotExpressible(source.placeAt((key ?? value).at), 'a key is expected')
    return [key.text, resolveValue(record, { expression: value, source })]
  })
}

export function textOfValue(record: LuaRecord, valued: Valued): string {
  const { expression, source } = resolveValue(record, valued)
  if (expression.kind === 'string') return expression.text
  if (expression.kind === 'number') return String(expression.value)
  throw new NotExpressible(source.placeAt(expression.at), 'a text is expected')
}

/** A whole number within bounds. */
export function numberOfValue(record: LuaRecord, valued: Valued, [least, most]: readonly [number, number]): number {
  const value = Number(textOfValue(record, valued))
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new NotExpressible(placeOfValue(valued), `a whole number from ${least} to ${most} is expected`)
}

/** A call with its arguments. */
export interface LuaCall {
  readonly name: string
  readonly place: Place
  readonly arguments: readonly Valued[]
}

/** The argument at a position. */
export function argumentOf({ name, place, arguments: list }: LuaCall, position: number): Valued {
  const argument = list[position]
  if (argument === undefined)
    throw new NotExpressible(place, `"${name}" has too few arguments`, 'mend it in the source')
  return argument
}
