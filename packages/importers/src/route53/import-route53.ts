import { equalNames, type Name, nameKey, printName } from '@windrose/dns'
import { addService, type MadeServices } from '../add-service.ts'
import { type Draft, type DraftSteering, newDraft, note } from '../draft.ts'
import { finishDraft, type ImportResult, unreadable } from '../import-result.ts'
import { printOwner } from '../master-file/steered-owner.ts'
import { readJson } from '../read-json.ts'
import type { SourceFiles } from '../source-files.ts'
import { printZone, type StaticRecord, withFinalDots, zoneKey } from '../static-records.ts'
import { readCidrBlocks } from './cidr-blocks.ts'
import { createHealthChecks } from './health-checks.ts'
import { createOwnerRecipes, type OwnerRecipes } from './owner-recipes.ts'
import { apexOf, groupByOwner, type RecordSet, readRecordSets, type SetsByOwner } from './record-set.ts'
import { ttlOf } from './ttl-of.ts'

/** What an import from Route 53 reads: the record sets of one hosted zone, and what they refer to. */
export interface Route53Input {
  /** The output of `aws route53 list-resource-record-sets`. */
  readonly records: string
  /** The output of `aws route53 list-health-checks`. */
  readonly healthChecks?: string | undefined
  /** The output of `aws route53 list-cidr-blocks`. */
  readonly cidrBlocks?: string | undefined
  /** See `newDraft`. */
  readonly databases?: readonly string[] | undefined
}

/** A hosted zone of Amazon Route 53 as a configuration of windrose: routed names become services, the rest a master file. */
export function importRoute53(files: SourceFiles, input: Route53Input): ImportResult {
  const draft = newDraft('Amazon Route 53', input.databases)
  const root = readJson(draft, files, input.records)
  const read = (path: string | undefined) => (path === undefined ? undefined : readJson(draft, files, path))
  const sets = root === undefined ? [] : readRecordSets(draft, root)
  const apex = apexOf(sets)
  if (root === undefined || apex === undefined) {
    if (root !== undefined) {
      const why = 'no SOA record says which zone this is, and the names have no common end'
      note(draft, 'unreadable', root.place, {
        source: input.records,
        why,
        instead: 'give the record sets of one hosted zone',
      })
    }
    return unreadable(draft)
  }
  const owners = groupByOwner(sets)
  const checks = createHealthChecks(draft, read(input.healthChecks))
  const blocks = readCidrBlocks(draft, read(input.cidrBlocks))
  const recipes = createOwnerRecipes({ draft, owners, apex, checks, blocks })
  importZone(draft, { apex, owners, recipes, file: input.records })
  return finishDraft(draft)
}

interface ZoneSource {
  readonly apex: Name
  readonly owners: SetsByOwner
  readonly recipes: OwnerRecipes
  readonly file: string
}

function importZone(draft: Draft, { apex, owners, recipes, file }: ZoneSource): void {
  const made: MadeServices = new Map()
  const steer: DraftSteering = new Map()
  const records: StaticRecord[] = []
  for (const sets of owners.values()) {
    const { owner, place } = sets[0]!
    const name = printOwner(owner, apex)
    const isSteered = recipes.isSteered(owner)
    records.push(...staticRecords(draft, { sets, isSteered, owners }))
    if (!isSteered) continue
    const recipe = recipes.of(owner)
    const wanted = name === '@' ? printName(apex).slice(0, -1) : name.replace(/^\*/, 'any')
    const service = recipe && addService(draft, made, { recipe, name: wanted, ttl: ttlOf(draft, sets, owners) })
    if (service !== undefined) steer.set(name, { service, place })
    else
      note(draft, 'left out', place, {
        source: printName(owner),
        why: 'nothing is left to answer with',
        instead: 'see what is said of its records',
      })
  }
  noteServers(draft, apex, records)
  draft.zones.set(zoneKey(apex), { comment: file, records: printZone(draft, { apex, file, records }), steer })
}

interface StaticSource {
  readonly sets: readonly RecordSet[]
  readonly isSteered: boolean
  readonly owners: SetsByOwner
}

const STEERED_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME'])

/** What of an owner goes into the master file. */
function staticRecords(draft: Draft, { sets, isSteered, owners }: StaticSource): StaticRecord[] {
  const seen = new Set<string>()
  /** Where the CNAME leads that aliases of all types have become. */
  let cname: Name | undefined
  return sets.flatMap((set): StaticRecord[] => {
    const { owner, type, place, alias } = set
    if (isSteered && STEERED_TYPES.has(type)) return []
    if (seen.has(type)) {
      const source = `${printName(owner)} ${type}, ${set.id ?? set.routing.kind}`
      const why = 'the name has another record set of this type'
      note(draft, 'left out', place, { source, why, instead: 'write its records to the master file' })
      return []
    }
    seen.add(type)
    if (set.routing.kind !== 'simple') {
      const why = 'only A, AAAA and CNAME are steered'
      const source = `${printName(owner)} ${type}, ${set.routing.kind}`
      note(draft, 'changed', place, {
        source,
        why,
        instead: `the first of its record sets is always served (${set.id ?? ''})`,
      })
    }
    if (alias === undefined) {
      return set.values.map((value) => recordOf(set, type, value.text, value.place))
    }
    const copied = resolveAlias(owners, set, 0)
    if (copied !== undefined) {
      return copied.values.map((value) => recordOf({ ...set, ttl: copied.ttl }, type, value.text, value.place))
    }
    const source = `${printName(owner)} ${type}, alias of ${printName(alias.target)}`
    if (owners.has(nameKey(alias.target))) {
      const instead = 'write its records to the master file'
      note(draft, 'left out', place, { source, why: `the target has no ${type} records`, instead })
      return []
    }
    // Where no CNAME can be the name is steered.
    if (seen.has('CNAME')) {
      const isServed = cname !== undefined && equalNames(cname, alias.target)
      const why = 'the name has another CNAME already'
      if (!isServed) note(draft, 'left out', place, { source, why, instead: 'make a service with alias endpoints' })
      return []
    }
    seen.add('CNAME')
    cname = alias.target
    note(draft, 'changed', place, { source, why: 'the target is not in the zone', instead: 'a CNAME record is served' })
    return [recordOf({ ...set, ttl: 60 }, 'CNAME', printName(alias.target), place)]
  })
}

/** The set of values at the end of a chain of aliases. */
function resolveAlias(owners: SetsByOwner, set: RecordSet, depth: number): RecordSet | undefined {
  if (set.alias === undefined) return set
  const next = owners.get(nameKey(set.alias.target))?.find(({ type }) => type === set.type)
  return next === undefined || depth > ALIASES_MAX ? undefined : resolveAlias(owners, next, depth + 1)
}

const ALIASES_MAX = 32

function recordOf(
  { owner, ttl }: Pick<RecordSet, 'owner' | 'ttl'>,
  type: string,
  text: string,
  place: RecordSet['place'],
): StaticRecord {
  return {
    owner,
    ttl: Math.max(0, Math.trunc(ttl ?? 300)),
    type: type === 'SPF' ? 'TXT' : type,
    rdata: withFinalDots(type, text),
    place,
  }
}

/** Route 53's own SOA and NS stay in the master file, to be replaced by those of the new servers. */
function noteServers(draft: Draft, apex: Name, records: readonly StaticRecord[]): void {
  const server = records.find(
    ({ owner, type, rdata }) => type === 'NS' && equalNames(owner, apex) && /\.awsdns-/.test(rdata),
  )
  if (server === undefined) return
  const source = `SOA and NS of ${printName(apex)}`
  const instead = 'put the names of your servers into the master file'
  note(draft, 'to do', server.place, { source, why: 'they name the servers of Route 53', instead })
}
