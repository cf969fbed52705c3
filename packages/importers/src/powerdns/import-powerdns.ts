import { basename, dirname, isAbsolute, join } from 'node:path'
import { equalNames, isWithin, type Name, nameKey, printName, readName, readPeriod } from '@windrose/dns'
import { addService, type MadeServices } from '../add-service.ts'
import { type Draft, type DraftEndpoint, type DraftSteering, newDraft, note } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import { finishDraft, type ImportResult, unreadable } from '../import-result.ts'
import type { Piece, RecordPiece } from '../master-file/pieces.ts'
import { type MasterFileDialect, readPieces, shorten } from '../master-file/read-pieces.ts'
import { settleZone } from '../master-file/settle-zone.ts'
import { printOwner } from '../master-file/steered-owner.ts'
import { oneLine } from '../one-line.ts'
import { MAIN_SITE, type Recipe } from '../recipe.ts'
import type { SourceFiles } from '../source-files.ts'
import { zoneKey } from '../static-records.ts'
import { type Include, recipeOfBlock } from './lua-recipe.ts'
import { type LuaRecord, NotExpressible, type PlaceOf } from './lua-record.ts'
import { luaSource } from './lua-source.ts'
import { mergeRecipes, withPlainAddresses } from './merge-recipes.ts'
import { readLua, readLuaBlock } from './read-lua.ts'

export interface PowerdnsInput {
  /** A master file, or a folder of such. */
  readonly input: string
  /** Where addresses are, for `pickclosest`. */
  readonly placeOf: PlaceOf
  /** See `newDraft`. */
  readonly databases?: readonly string[] | undefined
}

/** Zones of PowerDNS with LUA records, as master files, as a configuration of windrose. */
export function importPowerdns(files: SourceFiles, { input, placeOf, databases }: PowerdnsInput): ImportResult {
  const draft = newDraft('PowerDNS', databases)
  const names = files.list(input)
  const paths =
    names === undefined
      ? [input]
      : names.filter((name) => !name.endsWith('/') && !name.startsWith('.')).map((name) => join(input, name))
  const made: MadeServices = new Map()
  for (const path of paths) importZone({ draft, files, made, placeOf }, path)
  if (draft.zones.size > 0) return finishDraft(draft)
  if (draft.findings.length === 0) {
    const why = 'there is no master file'
    note(
      draft,
      'unreadable',
      { file: input, line: 1, column: 1 },
      { source: input, why, instead: 'give a master file, or a folder of such' },
    )
  }
  return unreadable(draft)
}

interface Context {
  readonly draft: Draft
  readonly files: SourceFiles
  readonly made: MadeServices
  readonly placeOf: PlaceOf
}

const DIALECT: MasterFileDialect = {
  includePath: (written, from) => (isAbsolute(written) ? written : join(dirname(from), written)),
  restoresTtl: false,
  textTypes: new Set(),
  hasLongStrings: false,
}

function importZone(context: Context, path: string): void {
  const { draft, files } = context
  const guess = readName(`${guessName(path)}.`)
  const origin = 'problem' in guess ? new Uint8Array(1) : guess
  const { pieces, faults } = readPieces({ files, path, apex: origin, dialect: DIALECT })
  for (const fault of faults) {
    note(draft, 'unreadable', fault.place, {
      source: fault.source,
      why: fault.message,
      instead: 'mend it and import again',
    })
  }
  const soa = pieces.find((piece): piece is RecordPiece => piece.kind === 'record' && piece.type === 'SOA')
  if (soa?.owner === undefined) {
    const place = { file: path, line: 1, column: 1 }
    if (faults.length === 0)
      note(draft, 'left out', place, {
        source: basename(path),
        why: 'the file has no SOA record',
        instead: 'nothing, if it is no zone',
      })
    return
  }
  const zone: Zone = { ...context, path, apex: soa.owner, pieces, includes: includesOf(pieces) }
  const steer: DraftSteering = new Map()
  const gone = new Set<Piece>(pieces.filter((piece) => piece.kind === 'record' && DYNAMIC_TYPES.has(piece.type)))
  for (const group of groupByOwner(pieces))
    if (group.some(({ type }) => DYNAMIC_TYPES.has(type))) steerOwner(zone, group, { steer, gone })
  const header = `; From ${oneLine(path)}.\n$ORIGIN ${printName(origin)}\n`
  const kept = pieces.filter((piece) => !gone.has(piece))
  const records = settleZone(draft, { apex: soa.owner, header, pieces: kept, steer })
  draft.zones.set(zoneKey(soa.owner), { comment: path, records, steer })
}

/** `example.com`, `example.com.zone`, `db.example.com`. */
function guessName(path: string): string {
  return basename(path)
    .replace(/\.(zone|db|hosts|txt)$/, '')
    .replace(/^db\./, '')
}

interface Zone extends Context {
  readonly path: string
  readonly apex: Name
  readonly pieces: readonly Piece[]
  /** LUA LUA records, by the key of their owner. */
  readonly includes: ReadonlyMap<string, RecordPiece>
}

function includesOf(pieces: readonly Piece[]): Map<string, RecordPiece> {
  const found = new Map<string, RecordPiece>()
  for (const piece of pieces) {
    const isLua = piece.kind === 'record' && piece.type === 'LUA' && piece.rdata[0]?.text.toUpperCase() === 'LUA'
    if (isLua && piece.owner !== undefined) found.set(nameKey(piece.owner), piece)
  }
  return found
}

function groupByOwner(pieces: readonly Piece[]): RecordPiece[][] {
  const groups = new Map<string, RecordPiece[]>()
  for (const piece of pieces) {
    if (piece.kind !== 'record' || piece.owner === undefined) continue
    const key = nameKey(piece.owner)
    groups.set(key, [...(groups.get(key) ?? []), piece])
  }
  return [...groups.values()]
}

interface Outcome {
  readonly steer: DraftSteering
  /** Pieces that do not stay in the master file. */
  readonly gone: Set<Piece>
}

/** All LUA records of a name that answer addresses or aliases are one service, with its plain addresses. */
function steerOwner(zone: Zone, group: readonly RecordPiece[], { steer, gone }: Outcome): void {
  const { draft, apex, made } = zone
  const owner = group[0]!.owner!
  const recipes = group.flatMap((piece) => (DYNAMIC_TYPES.has(piece.type) ? (recipeOf(zone, group, piece) ?? []) : []))
  const [first, ...others] = recipes
  if (first === undefined) return
  if (!isWithin(owner, apex)) {
    note(draft, 'left out', first.piece.place, {
      source: shorten(first.piece.text),
      why: 'the name is not in the zone',
      instead: 'mend it in the source',
    })
    return
  }
  let { recipe } = first
  for (const other of others) {
    const merged = other.type === first.type ? undefined : mergeRecipes(recipe, other.recipe)
    if (merged !== undefined) recipe = merged
    else {
      const why = `the name is steered in another way already, at line ${first.piece.place.line}, and a name has one service`
      const instead = 'make both alike, or add the endpoints by hand'
      note(draft, 'left out', other.piece.place, { source: shorten(other.piece.text), why, instead })
    }
  }
  const plain = group.filter(({ type }) => ADDRESS_TYPES.has(type))
  const endpoints: DraftEndpoint[] = plain.flatMap(({ rdata }) => {
    const target = endpointTarget(rdata[0]?.text ?? '')
    return target === undefined ? [] : [target]
  })
  if (endpoints.length > 0) recipe = withPlainAddresses(recipe, endpoints)
  for (const piece of plain) gone.add(piece)
  const name = printOwner(owner, apex)
  const ttls = recipes.map(({ piece }) => ttlOf(piece))
  const wanted = equalNames(owner, apex) ? zoneKey(apex) : name.replace(/^\*/, 'any')
  const service = addService(draft, made, { recipe, name: wanted, ttl: { max: Math.min(...ttls) } })
  if (service !== undefined) steer.set(name, { service, place: first.piece.place })
}

const ADDRESS_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA'])
/** Types of PowerDNS alone. */
const DYNAMIC_TYPES: ReadonlySet<string> = new Set(['LUA', 'ALIAS'])

function ttlOf({ ttl, defaultTtl }: RecordPiece): number {
  const seconds = (ttl === undefined ? undefined : readPeriod(ttl.text)) ?? defaultTtl ?? DEFAULT_TTL
  return Math.min(Math.max(1, seconds), TTL_MAX)
}

const DEFAULT_TTL = 3600
const TTL_MAX = 7 * 86_400

interface OwnRecipe {
  readonly piece: RecordPiece
  readonly type: LuaRecord['type'] | 'ALIAS'
  readonly recipe: Recipe
}

/** The recipe of one record; undefined and a finding for what windrose cannot say. */
function recipeOf(zone: Zone, group: readonly RecordPiece[], piece: RecordPiece): OwnRecipe | undefined {
  const { draft, apex, placeOf } = zone
  if (piece.type === 'ALIAS') return aliasOf(zone, piece)
  const type = piece.rdata[0]?.text.toUpperCase() ?? ''
  // What others include is read with them.
  if (type === 'LUA') return undefined
  const leave = (place: LuaRecord['place'], why: string, instead: string): undefined => {
    note(draft, 'left out', place, { source: shorten(piece.text), why, instead })
    return undefined
  }
  if (type !== 'A' && type !== 'AAAA' && type !== 'CNAME') {
    return leave(
      piece.place,
      `only A, AAAA and CNAME are steered, not ${type}`,
      'write static records to the master file',
    )
  }
  const source = luaSource(piece.place.file, piece.rdata.slice(1))
  const block = readLua(source.text)
  if ('message' in block) return leave(source.placeAt(block.at), block.message, 'steer the name by hand')
  const hasOthers = group.some((other) => !ADDRESS_TYPES.has(other.type) && !DYNAMIC_TYPES.has(other.type))
  const canBeName = !equalNames(piece.owner!, apex) && !hasOthers
  const record: LuaRecord = {
    draft,
    owner: piece.owner!,
    place: piece.place,
    type,
    source,
    canBeName,
    values: new Map(),
    placeOf,
  }
  try {
    return { piece, type, recipe: recipeOfBlock(record, block, includeFrom(zone)) }
  } catch (error) {
    if (error instanceof NotExpressible) return leave(error.place, error.message, error.instead)
    throw error
  }
}

/** The addresses of another name. */
function aliasOf({ draft }: Zone, piece: RecordPiece): OwnRecipe | undefined {
  const name = readName(piece.rdata[0]?.text ?? '', piece.origin)
  if ('problem' in name) {
    const instead = 'mend it in the source'
    note(draft, 'unreadable', piece.place, { source: shorten(piece.text), why: name.problem, instead })
    return undefined
  }
  const endpoints: DraftEndpoint[] = [{ target: printName(name), form: 'alias' }]
  const pools: Recipe['pools'] = new Map([[MAIN_SITE, { kind: 'endpoints', endpoints }]])
  const title = `${printName(piece.owner!)} ALIAS`
  return { piece, type: 'ALIAS', recipe: { place: piece.place, title, steps: [], draw: 'all', pools } }
}

/** `include('name')`: the LUA LUA record of that name in the zone. */
function includeFrom({ apex, includes }: Zone): Include {
  const open = new Set<string>()
  return (name, place) => {
    const owner = readName(name, apex)
    const piece = 'problem' in owner ? undefined : includes.get(nameKey(owner))
    if (piece === undefined) throw new NotExpressible(place, `no LUA record "${name}" can be included`)
    if (open.has(name)) throw new NotExpressible(place, `"${name}" is included twice`)
    open.add(name)
    const source = luaSource(piece.place.file, piece.rdata.slice(1))
    const block = readLuaBlock(source.text)
    if ('message' in block) throw new NotExpressible(source.placeAt(block.at), block.message)
    return { block, source }
  }
}
