import { dirname, isAbsolute, join } from 'node:path'
import { isWithin, type Name, printName, readName, readPeriod } from '@windrose/dns'
import { addService, type MadeServices } from '../add-service.ts'
import { type DraftSteering, type DraftTtl, note } from '../draft.ts'
import type { Piece, RecordPiece } from '../master-file/pieces.ts'
import { type MasterFileDialect, readPieces, shorten } from '../master-file/read-pieces.ts'
import { settleZone } from '../master-file/settle-zone.ts'
import { printOwner } from '../master-file/steered-owner.ts'
import { oneLine } from '../one-line.ts'
import { zoneKey } from '../static-records.ts'
import { definitionKey, type Gdnsd } from './definition.ts'
import type { ZoneOptions } from './import-options.ts'
import type { Recipes } from './recipes.ts'

export interface ZoneSource {
  /** The folder `zones` of the configuration: one file for each zone, named like it. */
  readonly folder: string
  readonly options: ZoneOptions
  readonly recipes: Recipes
  readonly made: MadeServices
}

/** Every zone: its master file without DYNA and DYNC, which become `steer`. */
export function importZones(gdnsd: Gdnsd, source: ZoneSource): void {
  const names = gdnsd.files.list(source.folder)
  if (names === undefined) {
    const place = { file: source.folder, line: 1, column: 1 }
    note(gdnsd.draft, 'left out', place, {
      source: 'zones',
      why: 'there is no such folder',
      instead: 'add "zones" by hand',
    })
  }
  for (const file of names ?? []) {
    if (file.startsWith('.')) continue
    const path = join(source.folder, file)
    const apex = readName(`${file.replaceAll('@', '/').replace(/^ROOT_ZONE$/, '')}.`)
    if (file.endsWith('/') || 'problem' in apex) {
      const why = file.endsWith('/') ? 'a zone is a file' : `the name of the file is no name of a zone: ${apex}`
      note(
        gdnsd.draft,
        'left out',
        { file: path, line: 1, column: 1 },
        { source: file, why, instead: 'nothing: gdnsd has no such zone' },
      )
    } else importZone(gdnsd, source, { path, apex })
  }
}

const DIALECT: MasterFileDialect = {
  includePath: (written, from) => (isAbsolute(written) ? written : join(dirname(from), written)),
  restoresTtl: true,
  respell: respellOrigin,
  textTypes: new Set(['TXT', 'CAA', 'DYNA', 'DYNC']),
  hasLongStrings: true,
}

/** `@Z` is the zone, `@F` the origin with which the file began; also as the last label of a name. */
function respellOrigin(word: string, { apex, fileOrigin }: { readonly apex: Name; readonly fileOrigin: Name }): string {
  const match = /^(?:(.*)\.)?@([ZF])$/i.exec(word)
  if (match === null) return word
  const origin = printName(match[2]!.toUpperCase() === 'Z' ? apex : fileOrigin)
  return match[1] === undefined ? origin : `${match[1]}.${origin === '.' ? '' : origin}`
}

interface ZoneFile {
  readonly path: string
  readonly apex: Name
}

function importZone(gdnsd: Gdnsd, source: ZoneSource, { path, apex }: ZoneFile): void {
  const { draft } = gdnsd
  const { pieces, faults } = readPieces({ files: gdnsd.files, path, apex, dialect: DIALECT })
  for (const fault of faults) {
    note(draft, 'unreadable', fault.place, {
      source: fault.source,
      why: fault.message,
      instead: 'mend it and import again',
    })
  }
  const steer: DraftSteering = new Map()
  const kept = pieces.filter(
    (piece) => piece.kind === 'text' || !isDynamic(piece) || !steerRecord(gdnsd, source, { piece, apex, steer }),
  )
  const header = `; From ${oneLine(path)}.\n$TTL ${source.options.defaultTtl}\n`
  const records = settleZone(draft, { apex, header, pieces: kept, steer })
  draft.zones.set(zoneKey(apex), { comment: path, records, steer })
}

function isDynamic(piece: Piece): piece is RecordPiece {
  return piece.kind === 'record' && (piece.type === 'DYNA' || piece.type === 'DYNC')
}

/** Always true: what cannot be steered is listed, and gone from the master file as well. */
function steerRecord(
  gdnsd: Gdnsd,
  { options, recipes, made }: ZoneSource,
  { piece, apex, steer }: { piece: RecordPiece; apex: Name; steer: DraftSteering },
): true {
  const { draft } = gdnsd
  const leave = (why: string, instead: string): true => {
    note(draft, 'left out', piece.place, { source: shorten(piece.text), why, instead })
    return true
  }
  if (piece.owner === undefined || !isWithin(piece.owner, apex))
    return leave('the name is not in the zone', 'mend it in the source')
  const [word, extra] = piece.rdata
  const [, plugin = '', name = ''] = /^([^!]*)(?:!(.*))?$/.exec(word?.text ?? '') ?? []
  if (plugin === '' || extra !== undefined) return leave('PLUGIN!RESOURCE is expected', 'mend it in the source')
  const owner = printOwner(piece.owner, apex)
  if (steer.has(owner)) return leave('the name has such a record already', 'mend it in the source')
  if (plugin === 'reflect') {
    steer.set(owner, { service: 'whoami', place: piece.place })
    return true
  }
  const ttl = readTtl(piece, options)
  if (ttl === undefined) return leave('the TTL is no MAX or MAX/MIN in seconds', 'mend it in the source')
  gdnsd.used.add(definitionKey(plugin, name))
  const recipe = recipes.of(plugin, name)
  if (recipe === undefined)
    return leave(`nothing could be made of ${word!.text}`, 'see what is said of the resource, or mend its name')
  const service = addService(draft, made, { recipe, name: serviceName(plugin, name), ttl })
  if (service === undefined)
    return leave(`${word!.text} has nothing to answer with`, 'see what is said of the resource')
  steer.set(owner, { service, place: piece.place })
  return true
}

function serviceName(plugin: string, name: string): string {
  return name === '' ? plugin : name.replaceAll('/', '-')
}

/** `MAX` or `MAX/MIN`, within gdnsd's bounds and windrose's: a second to a week. */
function readTtl({ ttl, defaultTtl }: RecordPiece, options: ZoneOptions): DraftTtl | undefined {
  const [maxText = '', minText] = ttl === undefined ? [String(defaultTtl ?? options.defaultTtl)] : ttl.text.split('/')
  const written = { max: readPeriod(maxText), min: minText === undefined ? undefined : readPeriod(minText) }
  if (written.max === undefined || (minText !== undefined && written.min === undefined)) return undefined
  const clamp = (seconds: number): number => Math.min(Math.max(seconds, options.minTtl, 1), options.maxTtl, TTL_MAX)
  const max = clamp(written.max)
  // A minimum of 0 is half of the maximum too.
  const min = written.min === undefined || written.min === 0 ? undefined : Math.min(clamp(written.min), max)
  return { max, ...(min === undefined ? {} : { min }) }
}

const TTL_MAX = 7 * 86_400
