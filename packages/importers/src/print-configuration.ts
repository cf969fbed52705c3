import { printDuration } from '@windrose/config'
import { Document, type Node, Pair, type Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Draft, DraftArea, DraftCheck, DraftPool, DraftService, DraftSite, DraftStep, DraftZone } from './draft.ts'
import { printPlace } from './draft.ts'
import { oneLine } from './one-line.ts'
import { zoneFileName } from './zone-file-name.ts'

/** windrose.yaml for a draft, with comments that say where everything came from. The same draft gives the same text. */
export function printConfiguration(draft: Draft): string {
  const page: Page = { document: new Document({}), shared: new Map() }
  const root = new YAMLMap()
  const { geo } = draft
  const addKeys = (name: string, keys: unknown): void => {
    addApart(root, pair(page, name, flow(page, keys)))
  }
  if (draft.listen.length > 0) addKeys('listen', draft.listen)
  const geoKeys = {
    ...(geo.databases.length === 0 ? {} : { databases: geo.databases }),
    ...(geo.preferredSites === undefined ? {} : { preferred_sites: geo.preferredSites }),
  }
  if (Object.keys(geoKeys).length > 0) addKeys('geo', geoKeys)
  addSection(page, root, 'sites', draft.sites, printSite)
  addSection(page, root, 'checks', draft.checks, printCheck)
  addSection(page, root, 'services', draft.services, printService)
  addSection(page, root, 'zones', draft.zones, printZone)
  if (draft.server.size > 0) addKeys('server', Object.fromEntries(draft.server))
  page.document.contents = root as never
  page.document.commentBefore = ` Made by "windrose import" from ${draft.from}. What could not be taken over is not in here: the command lists it.`
  return page.document.toString({ lineWidth: WIDTH, flowCollectionPadding: true })
}

const WIDTH = 120

/** The document that is being written, and the areas that several services share, by the map that they were made from. */
interface Page {
  readonly document: Document
  readonly shared: Map<unknown, YAMLMap>
}

/** One entry of a section: what it is, and what is said above it. */
interface Printed {
  readonly value: Node
  readonly comments: readonly string[]
}

function addSection<T>(
  page: Page,
  root: YAMLMap,
  name: string,
  entries: ReadonlyMap<string, T>,
  print: (page: Page, value: T, name: string) => Printed,
): void {
  if (entries.size === 0) return
  const section = new YAMLMap()
  for (const [key, entry] of entries) {
    const { value, comments } = print(page, entry, key)
    section.add(pair(page, key, value, comments))
  }
  addApart(root, pair(page, name, section))
}

/** With an empty line between it and what is above it. */
function addApart(root: YAMLMap, entry: Pair): void {
  const key = entry.key as Scalar
  key.spaceBefore = root.items.length > 0
  root.add(entry)
}

function printSite(page: Page, site: DraftSite): Printed {
  const keys = {
    ...(site.at === undefined ? {} : { at: site.at }),
    ...(site.country === undefined ? {} : { country: site.country }),
  }
  return { value: flow(page, keys), comments: site.comment === undefined ? [] : [site.comment] }
}

function printCheck(page: Page, check: DraftCheck): Printed {
  const map = new YAMLMap()
  map.flow = JSON.stringify(check.settings).length <= FLOW_MAX
  for (const [key, setting] of Object.entries(check.settings)) map.add(pair(page, key, flow(page, setting)))
  return { value: map, comments: [`${printPlace(check.place)}: ${check.comment}`] }
}

const FLOW_MAX = 90

function printService(page: Page, service: DraftService): Printed {
  const { ttl } = service
  const map = new YAMLMap()
  map.add(pair(page, 'policy', printPolicy(page, service.policy)))
  const add = (key: string, value: unknown): void => {
    if (value !== undefined) map.add(pair(page, key, flow(page, value)))
  }
  add('checks', service.checks.length === 0 ? undefined : service.checks)
  add('answers', service.answers)
  add('distinct_by', service.distinctBy)
  add('missing_family', service.missingFamily)
  add('panic', service.panic)
  add('ttl', ttl === undefined ? undefined : printTtl(ttl))
  const pools = new YAMLMap()
  for (const [site, pool] of service.pools) pools.add(pair(page, site, printPool(page, pool)))
  map.add(pair(page, 'pools', pools))
  return { value: map, comments: service.comments }
}

function printTtl({ max, min }: NonNullable<DraftService['ttl']>): unknown {
  const seconds = (value: number): string => printDuration(value * 1000)
  return min === undefined ? seconds(max) : { max: seconds(max), min: seconds(min) }
}

/** A policy of one word is written as the word. */
function printPolicy(page: Page, steps: readonly DraftStep[]): Node {
  const [only] = steps
  if (steps.length === 1 && typeof only === 'string') return page.document.createNode(only)
  const list = new YAMLSeq()
  for (const step of steps) list.add(printStep(page, step))
  if (!steps.some(isGeo)) list.flow = true
  return list
}

function printStep(page: Page, step: DraftStep): Node {
  if (!isGeo(step)) return flow(page, step)
  const geo = new YAMLMap()
  geo.add(pair(page, 'areas', printAreas(page, step.geo.areas)))
  if (step.geo.fence) geo.add(pair(page, 'fence', page.document.createNode(true)))
  const map = new YAMLMap()
  map.add(pair(page, 'geo', geo))
  return map
}

function isGeo(step: DraftStep): step is Extract<DraftStep, { readonly geo: unknown }> {
  return typeof step === 'object' && 'geo' in step
}

/** Areas that were written before are only referred to: a list of networks may have thousands of lines. */
function printAreas(page: Page, areas: ReadonlyMap<string, DraftArea>): Node {
  const known = page.shared.get(areas)
  if (known !== undefined) {
    known.anchor ??= `areas-${[...page.shared.keys()].indexOf(areas) + 1}`
    return page.document.createAlias(known)
  }
  const map = new YAMLMap()
  for (const [area, { sites, policy }] of areas) {
    map.add(pair(page, area, flow(page, policy === undefined ? sites : { sites, policy })))
  }
  page.shared.set(areas, map)
  return map
}

function printPool(page: Page, pool: DraftPool): Node {
  if (pool.kind === 'service') {
    return flow(page, { service: pool.service, ...(pool.weight === undefined ? {} : { weight: pool.weight }) })
  }
  const list = new YAMLSeq()
  for (const { target, form, weight = 1, standby, checks, comment } of pool.endpoints) {
    const isPlain = form === undefined && weight === 1 && standby !== true && checks === undefined
    const value = isPlain
      ? target
      : {
          [form ?? 'address']: target,
          ...(weight === 1 ? {} : { weight }),
          ...(standby === true ? { standby } : {}),
          ...(checks === undefined ? {} : { checks }),
        }
    const node = flow(page, value)
    if (comment !== undefined) node.comment = ` ${oneLine(comment)}`
    list.add(node)
  }
  return list
}

function printZone(page: Page, zone: DraftZone, apex: string): Printed {
  const map = new YAMLMap()
  map.add(pair(page, 'records', page.document.createNode(zoneFileName(apex))))
  if (zone.steer.size > 0) {
    const steer = new YAMLMap()
    for (const [owner, { service }] of zone.steer) steer.add(pair(page, owner, page.document.createNode(service)))
    map.add(pair(page, 'steer', steer))
  }
  return { value: map, comments: [zone.comment] }
}

function pair(page: Page, key: string, value: Node, comments: readonly string[] = []): Pair {
  const node = page.document.createNode(key) as Scalar
  if (comments.length > 0) node.commentBefore = comments.map((comment) => ` ${oneLine(comment)}`).join('\n')
  return new Pair(node, value)
}

function flow(page: Page, value: unknown): Node {
  return page.document.createNode(value, { flow: true, aliasDuplicateObjects: false })
}
