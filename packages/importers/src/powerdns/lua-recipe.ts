import type { Recipe } from '../recipe.ts'
import { AVAILABILITY } from './availability.ts'
import { type Branch, recipeOfBranches } from './branches.ts'
import { areasOf, netmaskAreas } from './conditions.ts'
import {
  itemsOfValue,
  type LuaCall,
  type LuaRecord,
  NotExpressible,
  placeOfValue,
  resolveValue,
  textOfValue,
  type Valued,
} from './lua-record.ts'
import type { LuaSource } from './lua-source.ts'
import type { LuaStatement } from './lua-syntax.ts'
import { allOf } from './pick-pools.ts'
import { PICKS } from './picks.ts'

/** Statements of a record that others include, by its name. */
export type Include = (
  name: string,
  place: LuaRecord['place'],
) => { readonly block: readonly LuaStatement[]; readonly source: LuaSource }

/** What the code of a record comes to. Throws NotExpressible. */
export function recipeOfBlock(record: LuaRecord, block: readonly LuaStatement[], include: Include): Recipe {
  const found = runBlock(record, { block, source: record.source, include })
  if (found !== undefined) return found
  throw new NotExpressible(record.place, 'the code returns nothing')
}

interface Running {
  readonly block: readonly LuaStatement[]
  readonly source: LuaSource
  readonly include: Include
}

/** The recipe of the first statement that returns; undefined when none does. */
function runBlock(record: LuaRecord, { block, source, include }: Running): Recipe | undefined {
  for (const statement of block) {
    switch (statement.kind) {
      case 'assign':
        record.values.set(statement.name, { expression: statement.value, source })
        break
      case 'call': {
        const { call } = statement
        const [argument] = call.arguments
        if (call.name !== 'include' || argument === undefined) {
          throw new NotExpressible(source.placeAt(call.at), `a call of "${call.name}" alone chooses nothing`)
        }
        const included = include(textOfValue(record, { expression: argument, source }), source.placeAt(call.at))
        const found = runBlock(record, { ...included, include })
        if (found !== undefined) return found
        break
      }
      case 'return': {
        if (statement.value === undefined) return undefined
        return recipeOfValue(record, { expression: statement.value, source })
      }
      case 'if':
        return recipeOfIf(record, statement, { block, source, include })
    }
  }
  return undefined
}

/** A chain of conditions is a choice by area; what follows it is for everybody else. */
function recipeOfIf(record: LuaRecord, statement: LuaStatement & { readonly kind: 'if' }, running: Running): Recipe {
  const { source, block } = running
  const rest = block.slice(block.indexOf(statement) + 1)
  const runInner = (inner: readonly LuaStatement[]): Recipe | undefined =>
    runBlock(record, { ...running, block: inner })
  const [first] = statement.branches
  const isNegated = statement.branches.length === 1 && first?.condition.kind === 'not'
  const otherwise = runInner(statement.otherwise ?? rest)
  if (isNegated && first?.condition.kind === 'not') {
    const areas = areasOf(record, { expression: first.condition.operand, source })
    const inside = otherwise
    const outside = runInner(first.block)
    if (inside === undefined || outside === undefined) throw new NotExpressible(source.placeAt(statement.at), NOTHING)
    return recipeOfBranches(record, [{ areas, recipe: inside, place: source.placeAt(statement.at) }], outside)
  }
  const branches = statement.branches.map(({ condition, block: inner }): Branch => {
    const recipe = runInner(inner)
    const place = source.placeAt(condition.at)
    if (recipe === undefined) throw new NotExpressible(place, NOTHING)
    return { areas: areasOf(record, { expression: condition, source }), recipe, place }
  })
  if (otherwise === undefined) throw new NotExpressible(source.placeAt(statement.at), NOTHING)
  return recipeOfBranches(record, branches, otherwise)
}

const NOTHING = 'for some clients nothing is returned, and windrose has no area whose clients get no answer'

/** What an expression answers with: a value, several, or what a function picks. */
export function recipeOfValue(record: LuaRecord, valued: Valued): Recipe {
  const resolved = resolveValue(record, valued)
  const { expression, source } = resolved
  if (expression.kind === 'string' || expression.kind === 'table') return allOf(record, resolved)
  if (expression.kind !== 'call')
    throw new NotExpressible(source.placeAt(expression.at), 'values or a function that picks them are expected')
  const place = source.placeAt(expression.at)
  const call = {
    name: expression.name,
    place,
    arguments: expression.arguments.map((argument): Valued => ({ expression: argument, source })),
  }
  if (expression.name === 'view') return recipeOfView(record, call)
  const pick = PICKS.get(expression.name) ?? AVAILABILITY.get(expression.name)
  if (pick !== undefined) return pick(record, call)
  const reason = REASONS.get(expression.name)
  throw new NotExpressible(place, reason ?? `the function "${expression.name}" is not known`)
}

/** `view`: pairs of netmasks and values. */
function recipeOfView(record: LuaRecord, call: LuaCall): Recipe {
  const [pairs] = call.arguments
  if (pairs === undefined) throw new NotExpressible(call.place, 'pairs of netmasks and values are expected')
  const branches = itemsOfValue(record, pairs).map((pair): Branch => {
    const [masks, values, extra] = itemsOfValue(record, pair)
    const place = placeOfValue(pair)
    if (masks === undefined || values === undefined || extra !== undefined) {
      throw new NotExpressible(place, 'a pair of netmasks and values is expected')
    }
    return { areas: netmaskAreas(record, masks), recipe: allOf(record, values), place }
  })
  const last = branches.find(({ areas }) => areas.includes('0.0.0.0/0') || areas.includes('::/0'))
  if (last === undefined) throw new NotExpressible(call.place, NOTHING)
  return recipeOfBranches(
    record,
    branches.filter((branch) => branch !== last),
    last.recipe,
  )
}

/** Functions of PowerDNS that answer with what no list of endpoints holds. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['closestMagic', 'the addresses stand in the name that is asked for'],
  ['createForward', 'the answer is made of the name that is asked for'],
  ['createForward6', 'the answer is made of the name that is asked for'],
  ['createReverse', 'the answer is made of the name that is asked for'],
  ['createReverse6', 'the answer is made of the name that is asked for'],
  ['filterForward', 'the answer is made of the name that is asked for'],
  ['latlon', 'the answer is made of where the client is; a name steered to "whoami" shows that'],
  ['latlonloc', 'the answer is made of where the client is; a name steered to "whoami" shows that'],
  ['dblookup', 'the answer is looked up in the database of PowerDNS'],
  ['picknamehashed', 'windrose chooses by the client, not by the name'],
  ['pickselfweighted', 'the weights come out of the checked page; windrose has weights in the configuration'],
])
