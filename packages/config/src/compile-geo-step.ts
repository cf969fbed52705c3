import {
  type AreaMatcher,
  type AreaRule,
  type AreaTable,
  areaProblem,
  type Database,
  matcherKey,
  printMatcher,
} from '@windrose/geo'
import type { GeoArea, Step } from '@windrose/steering'
import { type Compilation, reportAtKey } from './compilation.ts'
import { compileTiers, type NamedPools } from './compile-tiers.ts'
import type { DocumentPath } from './document-path.ts'
import { embeddingProblem } from './embedding-prefix.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { readAreaKey } from './read-area-key.ts'
import type { GeoAreaSettings, GeoStepSettings } from './schema/geo-step.ts'
import type { StepSettings } from './schema/policy.ts'
import { placeOf } from './source-document.ts'
import { valueAt } from './value-at.ts'

/** A `geo` step that is being compiled. */
export interface GeoStepSource {
  readonly pools: NamedPools
  readonly databases: readonly Database[] | undefined
  readonly settings: GeoStepSettings<StepSettings>
  readonly path: DocumentPath
  /** Compiles the steps of an area. */
  readonly compileSteps: (policy: readonly StepSettings[], path: DocumentPath) => readonly Step[]
}

/** What the clients of each area get, and whose clients each area has. */
export interface CompiledGeoStep {
  /** The first one is that of clients whom no other holds. */
  readonly areas: readonly GeoArea[]
  readonly table: AreaTable
  readonly written: readonly NamedArea[]
}

/** What a key of `areas` names, and where it does. */
export interface NamedArea {
  readonly of: AreaMatcher
  readonly path: DocumentPath
}

/**
 * The areas of a step. Those whose clients get the same are one: only then do their prefixes merge into one ECS scope.
 *
 * Refused: no `default`, what is no area or one twice, however it is written, sites without a pool, a fence around nothing,
 * and areas that no database knows anything of.
 */
export function compileGeoStep(compilation: Compilation, source: GeoStepSource): CompiledGeoStep {
  const path = [...source.path, 'areas']
  const written = entriesInOrder(compilation.document, path, source.settings.areas).map(([key, area]) => {
    const place = [...path, key]
    return {
      of: readMatcher(compilation, key, { source, path: place }),
      gets: compileArea(compilation, area, { source, path: place }),
      path: place,
    }
  })
  refuseTwice(compilation, written)
  const fallback = written.find(({ of }) => of === 'default')
  if (fallback === undefined) {
    const message = 'needs the area "default": without it the policy could never answer a client of none of the others'
    reportAtKey(compilation, { severity: 'error', path, message, hint: 'default: [SITE, ...]' })
    return { areas: [{ label: 'default', tiers: [], fence: false }], table: [], written: [] }
  }
  return mergeAreas([fallback, ...written.filter((area) => area !== fallback)])
}

/** What an area is to its clients. */
type Gets = Omit<GeoArea, 'label'>

interface WrittenArea {
  /** Undefined where the key is wrong. */
  readonly of: AreaMatcher | 'default' | undefined
  readonly gets: Gets
  readonly path: DocumentPath
}

interface AreaSource {
  readonly source: GeoStepSource
  readonly path: DocumentPath
}

function readMatcher(compilation: Compilation, key: string, { source, path }: AreaSource): WrittenArea['of'] {
  const read = readAreaKey(key)
  switch (read.kind) {
    case 'default':
      return 'default'
    case 'wrong':
      reportAtKey(compilation, { severity: 'error', path, message: read.message, hint: read.hint })
      return undefined
    case 'clients': {
      if (read.hostBitsSet === true) {
        const message = `${key} has bits set beyond its length: taken as ${printMatcher(read.of)}`
        reportAtKey(compilation, { severity: 'warning', path, message })
      }
      const { of } = read
      const unknown = source.databases === undefined ? undefined : areaProblem(of, source.databases)
      const problem = of.kind === 'prefix' ? embeddingProblem(of.prefix) : unknown
      if (problem !== undefined) reportAtKey(compilation, { severity: 'error', path, ...problem })
      return of
    }
  }
}

function compileArea(
  compilation: Compilation,
  area: GeoAreaSettings<StepSettings>,
  { source, path }: AreaSource,
): Gets {
  const isList = Array.isArray(valueAt(compilation.document, path))
  const fence = area.fence ?? source.settings.fence
  if (fence && area.sites.flat().length === 0) {
    const message = 'a fence around nothing: its clients could never be answered'
    reportAtKey(compilation, { severity: 'error', path, message, hint: 'list sites, or leave the fence out' })
  }
  const tiersPath = isList ? path : [...path, 'sites']
  return {
    tiers: compileTiers(compilation, source.pools, { tiers: area.sites, path: tiersPath }),
    fence,
    ...(area.policy === undefined ? {} : { steps: source.compileSteps(area.policy, [...path, 'policy']) }),
  }
}

function refuseTwice(compilation: Compilation, written: readonly WrittenArea[]): void {
  const seen = new Map<string, DocumentPath>()
  for (const { of, path } of written) {
    if (of === undefined || of === 'default') continue
    const first = seen.get(matcherKey(of))
    if (first === undefined) seen.set(matcherKey(of), path)
    else {
      const { file, line, column } = placeOf(compilation.document, first, 'key')
      const hint = `first at ${file}:${line}:${column}`
      reportAtKey(compilation, { severity: 'error', path, message: `${printMatcher(of)} is there twice`, hint })
    }
  }
}

function mergeAreas(written: readonly WrittenArea[]): CompiledGeoStep {
  const merged = new Map<string, { gets: Gets; labels: string[]; number: number }>()
  const table: AreaRule[] = []
  const named: NamedArea[] = []
  for (const { of, gets, path } of written) {
    const key = JSON.stringify(gets)
    const area = merged.get(key) ?? { gets, labels: [], number: merged.size }
    merged.set(key, area)
    if (of === undefined) continue
    area.labels.push(of === 'default' ? of : printMatcher(of))
    if (of === 'default') continue
    table.push({ of, area: area.number })
    named.push({ of, path })
  }
  const areas = [...merged.values()].map(({ gets, labels }): GeoArea => ({ label: listLabels(labels), ...gets }))
  return { areas, table, written: named }
}

/** The first few of a long list: the explanation of an answer says which one it was. */
function listLabels(labels: readonly string[]): string {
  const shown = labels.slice(0, LISTED).join(', ')
  return labels.length > LISTED ? `${shown} and ${labels.length - LISTED} more` : shown
}

const LISTED = 4
