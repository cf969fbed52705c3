import type { MapRule, MapSpec } from '@windrose/geo'
import type { Check, CheckRule, LoadField, ProbeTarget } from '@windrose/health'
import type { Settings as NameServerSettings } from '@windrose/nameserver'
import type { Endpoint, Service } from '@windrose/steering'
import type { Zone } from '@windrose/zone'
import type { HealthConfiguration } from './health-configuration.ts'
import type { LogLevel } from './schema.ts'
import type { SocketAddress } from './socket-address.ts'

/** windrose.yaml and all that it names, checked and compiled: what `serve` runs on. Immutable. */
export interface Configuration {
  /** The file as it was named to readConfiguration. */
  readonly file: string
  /** The first 12 hexadecimal digits of the SHA-256 over all files that were read, in their order. */
  readonly revision: string
  /** Absolute paths of all files that were read: the configuration, master files and their includes, override files. */
  readonly files: readonly string[]
  readonly listen: readonly SocketAddress[]
  /** In the order of the file; steering and client maps speak of sites by their index here. */
  readonly sites: readonly Site[]
  readonly checks: readonly Check[]
  readonly services: readonly Service[]
  /** Row i is row i of the health table. */
  readonly endpoints: readonly ConfiguredEndpoint[]
  /** Each once, however many endpoints ask for it. */
  readonly probeTargets: readonly ProbeTarget[]
  readonly zones: readonly Zone[]
  readonly geo: GeoConfiguration
  readonly control: SocketAddress
  readonly server: ServerConfiguration
  /** Absolute. */
  readonly stateDir: string
  readonly health: HealthConfiguration
  readonly log: { readonly level: LogLevel }
}

/** A data centre. A site that gives only its country lies in the middle of it. */
export interface Site {
  readonly name: string
  /** Degrees, north positive; left out when the site gives neither `at` nor a known country. */
  readonly latitude?: number
  /** Degrees, east positive. */
  readonly longitude?: number
  /** ISO 3166-1 alpha-2. */
  readonly country?: string
  readonly capacity?: SiteCapacity
  readonly riskGroups: readonly string[]
}

/** How much a site can take. */
export interface SiteCapacity {
  /** The load at which it is full: answers a second, or what `reported` says. */
  readonly value: number
  /** Parts of `value`: up to the first it is filled, and only below the second load comes back. */
  readonly target: number
  readonly low: number
  /** What `value` counts: `queries` where nothing is reported. */
  readonly unit: string
  /** How its load is reported; left out: answers are counted. */
  readonly reported?: ReportedLoad
}

/** A site's load as its endpoints say it. */
export interface ReportedLoad {
  readonly check: string
  readonly field: LoadField
  /** What the site's load is of the figures of its endpoints. */
  readonly combine: 'sum' | 'mean' | 'max'
  /** Milliseconds from one probe to the next. */
  readonly intervalMs: number
  /** The probe targets that say it. */
  readonly targets: readonly { readonly id: string; readonly family: ProbeTarget['family'] }[]
}

/** How the pools of a service are held back after they failed. */
export interface PoolHold {
  /** Milliseconds for which a pool that failed stays passed over at least. */
  readonly holdDownMs: number
  /** Whether it stays so until an operator lets it serve again. */
  readonly isManual: boolean
}

export interface ConfiguredEndpoint {
  readonly endpoint: Endpoint
  /** Index of its service. */
  readonly service: number
  /** Indexes of the services whose answers depend on it: its own, and those that it is nested in. */
  readonly servedBy: readonly number[]
  /** How its pool is held back after a failure; left out: it is not. */
  readonly hold?: PoolHold
  /** Index of its site. */
  readonly site: number
  /** Ids of what is probed for it, each once; none when nothing is checked. */
  readonly targets: readonly string[]
  /** What they must say for it to be up. */
  readonly rule: CheckRule
}

export interface GeoConfiguration {
  /** Absolute paths of MMDB files, the first that knows an address decides. */
  readonly databases: readonly string[]
  /** The overrides; a client class names them by their index here. */
  readonly rules: readonly MapRule[]
  /** One for each distinct set of sites and biases; a service's `clientMap` is an index here. */
  readonly mapSpecs: readonly MapSpec[]
}

export interface ServerConfiguration {
  readonly udpThreads: number
  readonly tcp: { readonly maxConnections: number; readonly idleTimeoutMs: number }
  /** `ADDRESS:PORT` of the resolvers for aliases; none: those of the machine. */
  readonly resolvers: readonly string[]
  /** What the name server is told. */
  readonly settings: NameServerSettings
}
