import type { Place } from '@windrose/dns'
import type { Finding, FindingKind, FindingText } from './finding.ts'

/**
 * A configuration of windrose that is being made out of another program's. It speaks the words of windrose.yaml, so that
 * importers say what they mean in one way and only `print-configuration.ts` knows how it is written.
 */
export interface Draft {
  /** What is imported, as a comment names it: `gdnsd`. */
  readonly from: string
  readonly findings: Finding[]
  /** Where queries are taken; empty for the default. */
  readonly listen: string[]
  /** The keys of `server`. */
  readonly server: Map<string, unknown>
  readonly geo: { databases: readonly string[]; preferredSites: number | undefined }
  readonly sites: Map<string, DraftSite>
  readonly checks: Map<string, DraftCheck>
  readonly services: Map<string, DraftService>
  /** By apex, without its final dot. */
  readonly zones: Map<string, DraftZone>
}

export interface DraftSite {
  /** Latitude and longitude in degrees. */
  readonly at?: readonly [number, number] | undefined
  readonly country?: string | undefined
  readonly comment?: string | undefined
}

export interface DraftCheck {
  /** The keys of a check, in the order in which they are written. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly place: Place
  readonly comment: string
}

/** The name of a check, or a combination of them. */
export type DraftRule =
  | string
  | { readonly all: readonly DraftRule[] }
  | { readonly any: readonly DraftRule[] }
  | { readonly at_least: number; readonly of: readonly DraftRule[] }

export interface DraftService {
  readonly place: Place
  readonly comments: readonly string[]
  readonly policy: readonly DraftStep[]
  readonly checks: readonly DraftRule[]
  readonly answers?: number | 'all' | undefined
  readonly distinctBy?: 'site' | undefined
  readonly missingFamily?: 'same_site' | undefined
  readonly panic?: number | undefined
  /** Seconds; left out for the default. */
  readonly ttl?: DraftTtl | undefined
  /** By site. */
  readonly pools: ReadonlyMap<string, DraftPool>
}

export interface DraftTtl {
  readonly max: number
  /** Half of `max` if left out. */
  readonly min?: number | undefined
}

/** A site, or several that are equally preferred. */
export type DraftTier = string | readonly string[]

export type DraftStep =
  | 'failover'
  | 'nearest'
  | 'weighted'
  | 'consistent'
  | 'all'
  | { readonly geo: DraftGeo }
  | { readonly failover: readonly DraftTier[] }
  | { readonly nearest: { readonly bias: Readonly<Record<string, number>> } }
  | { readonly latency: { readonly tolerance: string; readonly tolerance_percent: number } }

export interface DraftGeo {
  /** By what is written before the colon: `country:DE`. Maps that are one object are written once. */
  readonly areas: ReadonlyMap<string, DraftArea>
  /** For all areas. */
  readonly fence: boolean
}

export interface DraftArea {
  /** Where the source speaks of it. */
  readonly place: Place
  readonly sites: readonly DraftTier[]
  /** The steps that follow for this area. */
  readonly policy?: readonly DraftStep[] | undefined
}

export type DraftPool =
  | { readonly kind: 'endpoints'; readonly endpoints: readonly DraftEndpoint[] }
  | { readonly kind: 'service'; readonly service: string; readonly weight?: number | undefined }

export interface DraftEndpoint {
  /** An address, or a domain name with a `form`. */
  readonly target: string
  /** What a name is answered as: a CNAME, or the addresses that it has. */
  readonly form?: 'cname' | 'alias' | undefined
  /** 1 if left out. */
  readonly weight?: number | undefined
  readonly standby?: boolean | undefined
  /** Instead of the service's. */
  readonly checks?: readonly DraftRule[] | undefined
  /** What the source calls it. */
  readonly comment?: string | undefined
}

export interface DraftZone {
  readonly comment: string
  /** The text of the master file. */
  readonly records: string
  readonly steer: DraftSteering
}

/** Services by owner: `@`, a relative name or an absolute one. */
export type DraftSteering = Map<string, { readonly service: string; readonly place: Place }>

/** An empty draft. Databases are files that say where clients are, instead of the one that comes along. */
export function newDraft(from: string, databases: readonly string[] = []): Draft {
  return {
    from,
    findings: [],
    listen: [],
    server: new Map(),
    geo: { databases, preferredSites: undefined },
    sites: new Map(),
    checks: new Map(),
    services: new Map(),
    zones: new Map(),
  }
}

/** Adds a finding. */
export function note(draft: Draft, kind: FindingKind, place: Place, text: FindingText): void {
  draft.findings.push({ kind, place, ...text })
}

/** `zones/example.com:12`, as comments name a place. */
export function printPlace({ file, line }: Place): string {
  return `${file}:${line}`
}
