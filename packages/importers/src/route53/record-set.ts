import { isWithin, type Name, nameKey, type Place, readName } from '@windrose/dns'
import { isContinentCode, isCountryCode } from '../area.ts'
import { type Draft, note } from '../draft.ts'
import type { JsonView } from '../json-view.ts'

/** One resource record set of Amazon Route 53, as `aws route53 list-resource-record-sets` prints it. */
export interface RecordSet {
  readonly place: Place
  readonly owner: Name
  readonly type: string
  /** Seconds; an alias has none. */
  readonly ttl: number | undefined
  readonly values: readonly { readonly text: string; readonly place: Place }[]
  readonly id: string | undefined
  readonly healthCheck: { readonly id: string; readonly place: Place } | undefined
  readonly alias: Alias | undefined
  readonly routing: Routing
}

export interface Alias {
  readonly target: Name
  readonly place: Place
  /** Whether the state of the target counts. */
  readonly evaluates: boolean
}

export type Routing =
  | { readonly kind: 'simple' }
  | { readonly kind: 'weighted'; readonly weight: number }
  | { readonly kind: 'latency'; readonly region: string }
  | { readonly kind: 'failover'; readonly isPrimary: boolean }
  /** The area as windrose.yaml writes it, and those around it. */
  | { readonly kind: 'geolocation'; readonly area: string; readonly around: readonly string[] }
  | {
      readonly kind: 'geoproximity'
      readonly region?: string
      readonly at?: readonly [number, number]
      readonly bias: number
    }
  | { readonly kind: 'multivalue' }
  | { readonly kind: 'cidr'; readonly location: string }

/** All record sets of a file, in its order; what is none is listed. */
export function readRecordSets(draft: Draft, root: JsonView): RecordSet[] {
  const list = root.at('ResourceRecordSets') ?? root
  if (!Array.isArray(list.value)) {
    const why = 'there is no list "ResourceRecordSets"'
    const instead = 'give the output of "aws route53 list-resource-record-sets"'
    note(draft, 'unreadable', root.place, { source: 'the file', why, instead })
  }
  return list.items().flatMap((item) => readRecordSet(draft, item) ?? [])
}

function readRecordSet(draft: Draft, view: JsonView): RecordSet | undefined {
  const text = view.text('Name')
  const owner = text === undefined ? { problem: 'it has no Name' } : readRoute53Name(text)
  const type = view.text('Type')?.toUpperCase()
  if ('problem' in owner || type === undefined) {
    const why = 'problem' in owner ? owner.problem : 'it has no Type'
    note(draft, 'unreadable', view.place, { source: `record set ${text ?? ''}`, why, instead: 'mend it in the source' })
    return undefined
  }
  const instance = view.at('TrafficPolicyInstanceId')
  if (instance !== undefined) {
    const why = 'a traffic policy made the record, and the list has only what it was last made into'
    const instead = 'write the tree of the traffic policy by hand'
    note(draft, 'changed', instance.place, { source: `${text} ${type}: TrafficPolicyInstanceId`, why, instead })
  }
  const healthCheck = view.text('HealthCheckId')
  const records = view.at('ResourceRecords')?.items() ?? []
  return {
    place: view.place,
    owner,
    type,
    ttl: view.number('TTL'),
    values: records.flatMap((record) => {
      const value = record.text('Value')
      return value === undefined ? [] : [{ text: fromOctal(value), place: record.place }]
    }),
    id: view.text('SetIdentifier'),
    healthCheck: healthCheck === undefined ? undefined : { id: healthCheck, place: view.at('HealthCheckId')!.place },
    alias: readAlias(draft, view.at('AliasTarget')),
    routing: readRouting(draft, view),
  }
}

function readAlias(draft: Draft, view: JsonView | undefined): Alias | undefined {
  if (view === undefined) return undefined
  const text = view.text('DNSName') ?? ''
  const target = readRoute53Name(text)
  if (!('problem' in target))
    return { target, place: view.place, evaluates: view.boolean('EvaluateTargetHealth') ?? false }
  note(draft, 'unreadable', view.place, {
    source: `AliasTarget ${text}`,
    why: target.problem,
    instead: 'mend it in the source',
  })
  return undefined
}

function readRouting(draft: Draft, view: JsonView): Routing {
  const weight = view.number('Weight')
  if (weight !== undefined) return { kind: 'weighted', weight: Math.max(0, Math.trunc(weight)) }
  const region = view.text('Region')
  if (region !== undefined) return { kind: 'latency', region }
  const failover = view.text('Failover')
  if (failover !== undefined) return { kind: 'failover', isPrimary: failover.toUpperCase() === 'PRIMARY' }
  const geo = view.at('GeoLocation')
  if (geo !== undefined) return readGeoLocation(draft, geo)
  const proximity = view.at('GeoProximityLocation')
  if (proximity !== undefined) return readProximity(proximity)
  if (view.boolean('MultiValueAnswer') === true) return { kind: 'multivalue' }
  const cidr = view.at('CidrRoutingConfig')
  return cidr === undefined ? { kind: 'simple' } : { kind: 'cidr', location: cidr.text('LocationName') ?? '*' }
}

function readGeoLocation(draft: Draft, view: JsonView): Routing {
  const continent = view.text('ContinentCode')?.toUpperCase()
  const country = view.text('CountryCode')?.toUpperCase()
  const subdivision = view.text('SubdivisionCode')?.toUpperCase()
  if (country === '*') return { kind: 'geolocation', area: 'default', around: [] }
  if (country !== undefined && isCountryCode(country)) {
    const around = [`country:${country}`]
    if (subdivision === undefined) return { kind: 'geolocation', area: around[0]!, around: [] }
    return { kind: 'geolocation', area: `subdivision:${country}/${subdivision}`, around }
  }
  if (continent !== undefined && isContinentCode(continent)) {
    return { kind: 'geolocation', area: `continent:${continent}`, around: [] }
  }
  const source = `GeoLocation ${continent ?? country ?? ''}`
  note(draft, 'unreadable', view.place, { source, why: 'the code is not known', instead: 'add the area by hand' })
  return { kind: 'geolocation', area: '', around: [] }
}

function readProximity(view: JsonView): Routing {
  const bias = Math.min(99, Math.max(-99, Math.trunc(view.number('Bias') ?? 0)))
  const latitude = view.at('Coordinates')?.number('Latitude')
  const longitude = view.at('Coordinates')?.number('Longitude')
  if (latitude !== undefined && longitude !== undefined)
    return { kind: 'geoproximity', at: [latitude, longitude], bias }
  const region = view.text('AWSRegion')
  return { kind: 'geoproximity', ...(region === undefined ? {} : { region }), bias }
}

/** Route 53 writes characters as octal escapes: `\052` is an asterisk. Master files have decimal ones. */
function fromOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => {
    const octet = Number.parseInt(digits, 8)
    return octet === 0x2a ? '*' : `\\${String(octet).padStart(3, '0')}`
  })
}

export function readRoute53Name(text: string): Name | { readonly problem: string } {
  return readName(fromOctal(text.endsWith('.') ? text : `${text}.`))
}

/** The sets of one owner. */
export type SetsByOwner = ReadonlyMap<string, readonly RecordSet[]>

/** By the owner's key, in the order of the file. */
export function groupByOwner(sets: readonly RecordSet[]): SetsByOwner {
  const groups = new Map<string, RecordSet[]>()
  for (const set of sets) {
    const key = nameKey(set.owner)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [set])
    else group.push(set)
  }
  return groups
}

/** The zone that the sets are of: the owner of the SOA, or the shortest name that all are within. */
export function apexOf(sets: readonly RecordSet[]): Name | undefined {
  const soa = sets.find(({ type }) => type === 'SOA')
  if (soa !== undefined) return soa.owner
  const [first, ...rest] = sets.map(({ owner }) => owner).sort((a, b) => a.length - b.length)
  return first !== undefined && rest.every((owner) => isWithin(owner, first)) ? first : undefined
}
